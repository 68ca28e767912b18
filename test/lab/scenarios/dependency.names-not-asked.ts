import { defineScenario } from '../scenario.js';

const FILE = '/etc/nsswitch.conf';

export default defineScenario({
  fault:
    'A roll-out of the base configuration left "hosts: files" in nsswitch.conf on every host of the app: nobody asks the name server any more.',
  because:
    'Every page fails with "Name or service not known" for payments, and no name is found from any of these hosts, though the name server answers whoever asks it itself. Database and cache keep the connections that they have.',
  service: 'shop',
  users: [503],
  settleSeconds: 4,
  inject: ({ web }) =>
    web.forEach((host) =>
      host.sh(`cp -p ${FILE} /root/nsswitch.kept; sed -i 's/^hosts:.*/hosts: files/' ${FILE}`),
    ),
  heal: ({ web }) =>
    web.forEach((host) => host.sh(`[ ! -e /root/nsswitch.kept ] || mv -f /root/nsswitch.kept ${FILE}`)),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely'],
    root: ['dependency-unreachable', 'app-blames-dependency'],
    hop: 'app',
    notSaid: ['database-connections', 'overload', 'deployment', 'not-started', 'routing'],
  },
});

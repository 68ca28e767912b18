import { defineScenario } from '../scenario.js';

const NOBODY = '10.203.0.95';

export default defineScenario({
  fault:
    'The first of two name servers of every host of the app is gone; each look-up waits a second for it and then asks the other.',
  because:
    'Every page asks for a name and takes a second longer; users get 200 and every member is up. Slow names are worth a word, and are no cause of a 503.',
  service: 'shop',
  users: [200],
  settleSeconds: 8,
  inject: ({ web }) => web.forEach((host) => host.sh(`sed -i '1i nameserver ${NOBODY}' /etc/resolv.conf`)),
  heal: ({ web }) => web.forEach((host) => host.sh(`sed -i '/${NOBODY}/d' /etc/resolv.conf`)),
  expect: { status: 'healthy', cause: null },
});

import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The address of the database in the settings lost its scheme on every host, and the app was restarted.',
  because: 'Workers fail to boot: the address cannot be parsed. Nobody asked the database, which is well.',
  service: 'desk',
  users: [503],
  settleSeconds: 4,
  inject: ({ web }) =>
    web.forEach((host) =>
      host.sh(`cp -p /etc/desk/env /root/env.kept
        sed -i 's,^DATABASE_URL=.*//,DATABASE_URL=,' /etc/desk/env; touch -r /root/env.kept /etc/desk/env
        systemctl restart --no-block desk`),
    ),
  heal: ({ web }) =>
    web.forEach((host) => {
      host.run('mv', '-f', '/root/env.kept', '/etc/desk/env');
      startAnew(host, 'desk');
    }),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    root: ['unit-crash-looping', 'unit-failed', 'port-not-listening'],
    hop: 'balancer',
    notSaid: ['deployment', 'dependency', 'database-connections', 'overload'],
  },
});

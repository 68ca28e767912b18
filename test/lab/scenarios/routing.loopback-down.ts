import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A change of the network settings left the loopback interface of every host down: nginx has no way to 127.0.0.1, where the app listens.',
  because:
    'nginx answers 502 and logs "connect() to 127.0.0.1:8000 failed (101: Network is unreachable)". The app runs and listens there; nobody on its host can reach it, by any program, until lo is up again.',
  service: 'shop',
  users: [502, 503],
  settleSeconds: 6,
  inject: ({ web }) => web.forEach((host) => host.run('ip', 'link', 'set', 'lo', 'down')),
  heal: ({ web }) =>
    web.forEach((host) => host.sh('ip link set lo up; truncate -s 0 /var/log/nginx/error.log')),
  expect: {
    status: 'cause-found',
    cause: 'routing',
    confidence: ['confirmed', 'likely', 'possible'],
    notSaid: [
      'not-started',
      'overload',
      'dependency',
      'database-connections',
      'deployment',
      'health-check',
      'deliberate',
    ],
  },
});

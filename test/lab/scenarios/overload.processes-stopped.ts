import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'Somebody froze the app on every host with SIGSTOP and forgot it.',
  because:
    'The unit is active and its port open, but nobody accepts: state T, no CPU, the accept queue grows, the check times out.',
  service: 'shop',
  users: [503, 504],
  settleSeconds: 8,
  inject: ({ web }) => web.forEach((host) => host.run('systemctl', 'kill', '-s', 'STOP', 'shop')),
  heal: ({ web }) => web.forEach((host) => host.run('systemctl', 'kill', '-s', 'CONT', 'shop')),
  expect: {
    status: 'cause-found',
    cause: 'overload',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['accept-queue-full', 'workers-busy'],
    hop: 'balancer',
    notSaid: ['dependency', 'database-connections', 'deployment', 'deliberate', 'routing'],
  },
});

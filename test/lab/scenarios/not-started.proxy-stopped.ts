import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'Somebody stops nginx on every host; the app behind it runs.',
  because:
    'All members are DOWN with L4CON: nothing listens on port 80, where HAProxy asks. The app answers on 8000: it is the proxy that does not run.',
  service: 'shop',
  users: [503],
  inject: ({ web }) => web.forEach((host) => host.run('systemctl', 'stop', 'nginx')),
  heal: ({ web }) => web.forEach((host) => host.run('systemctl', 'start', 'nginx')),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    root: 'member-unreachable',
    hop: 'balancer',
    notSaid: ['overload', 'dependency', 'deliberate'],
  },
});

import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The line by which the balancer was tried out stayed in its configuration: since the last reload it listens on 127.0.0.1 only.',
  because:
    'Users are refused at port 80, though HAProxy runs and calls every member UP: on its host the port is open on the loopback and nowhere else. No request of a user is in its log any more, and every app answers.',
  service: 'desk',
  users: [0],
  settleSeconds: 4,
  inject: (lab) => changeBalancer(lab, 's/^    bind :80$/    bind 127.0.0.1:80/'),
  heal: restoreBalancer,
  expect: {
    status: 'cause-found',
    cause: 'routing',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: 'balancer',
    notSaid: ['overload', 'dependency', 'database-connections', 'deployment', 'health-check', 'deliberate'],
  },
});

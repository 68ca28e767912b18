import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The balancer has addresses that nobody has any more, and checks no member.',
  because:
    'HAProxy logs sC with the name of a member after three tries: nobody answers the connection. The app answers on every host.',
  service: 'desk',
  users: [503],
  inject: (lab) =>
    changeBalancer(
      lab,
      '/^backend desk/,${/default-server/d; s/10.203.0.1\\(.\\):/10.203.0.9\\1:/}; s/^backend desk/&\\n    timeout connect 1s/',
    ),
  heal: restoreBalancer,
  expect: {
    status: 'cause-found',
    cause: 'routing',
    confidence: ['confirmed', 'likely'],
    root: 'member-unreachable',
    hop: 'balancer',
    notSaid: ['not-started', 'overload', 'deployment'],
  },
});

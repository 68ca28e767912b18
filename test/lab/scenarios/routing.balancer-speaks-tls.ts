import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The balancer speaks TLS to members that do not, and checks none of them.',
  because:
    'Each handshake fails and HAProxy answers 503 with SC and the name of a member; the port is open and the app answers plain HTTP.',
  service: 'desk',
  users: [0, 503],
  settleSeconds: 4,
  inject: (lab) => changeBalancer(lab, 's/^    server web-.*:9100$/& ssl verify none no-check/'),
  heal: restoreBalancer,
  expect: {
    status: 'cause-found',
    cause: 'routing',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: 'balancer',
    notSaid: ['not-started', 'deployment', 'deliberate', 'overload', 'dependency', 'health-check'],
  },
  wrongBecause:
    'HAProxy answers after 6 s, later than diag503 waits for an answer, and how it speaks with its members is not read: the answer is inconclusive, and nothing wrong is claimed.',
});

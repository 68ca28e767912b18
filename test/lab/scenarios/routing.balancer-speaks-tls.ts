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
    confidence: ['likely', 'possible'],
    root: ['member-unreachable'],
    hop: 'balancer',
    notSaid: ['not-started', 'deployment', 'deliberate', 'overload', 'dependency', 'health-check'],
  },
  wrongBecause:
    'It is told, as possible only: by its log HAProxy gave connections up for 44 s, and served others within these.',
});

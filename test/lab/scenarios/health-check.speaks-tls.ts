import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: "The balancer's check speaks TLS to a port that does not.",
  because: 'All members are DOWN with L6RSP while the app answers on every host: only the check is wrong.',
  service: 'desk',
  users: [503],
  settleSeconds: 12,
  inject: (lab) => changeBalancer(lab, 's/^    server web-.*:9100$/& check-ssl verify none/'),
  heal: restoreBalancer,
  expect: {
    status: 'cause-found',
    cause: 'health-check',
    confidence: ['confirmed', 'likely'],
    hop: 'balancer',
    notSaid: ['not-started', 'overload', 'deliberate', 'dependency', 'deployment'],
  },
});

import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The balancer takes only 204 for an answer to its check, and the app answers 200.',
  because: 'All members are DOWN with L7STS and code 200: a good answer that the check does not want.',
  service: 'desk',
  users: [503],
  settleSeconds: 12,
  inject: (lab) =>
    changeBalancer(
      lab,
      's,^    http-check send meth GET uri /status.*,&\\n    http-check expect status 204,',
    ),
  heal: restoreBalancer,
  expect: {
    status: 'cause-found',
    cause: 'health-check',
    confidence: ['confirmed', 'likely'],
    root: ['member-down-though-healthy'],
    hop: 'balancer',
    notSaid: ['not-started', 'routing', 'overload', 'deliberate', 'dependency', 'deployment'],
  },
});

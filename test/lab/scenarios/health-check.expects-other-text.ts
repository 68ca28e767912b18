import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The balancer looks for a word in the health page that the app no longer writes there.',
  because:
    'All members are DOWN with L7RSP, content does not match; the page itself is 200 and so is every other.',
  service: 'desk',
  users: [503],
  settleSeconds: 12,
  inject: (lab) =>
    changeBalancer(
      lab,
      's,^    http-check send meth GET uri /status.*,&\\n    http-check expect string healthy,',
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

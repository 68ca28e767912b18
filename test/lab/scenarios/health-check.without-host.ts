import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: "The balancer's check lost its Host header, which nginx insists on.",
  because: 'All members are DOWN with L7STS 400; the same page with a Host is 200, and so is every other.',
  service: 'shop',
  users: [503],
  settleSeconds: 12,
  inject: (lab) => changeBalancer(lab, 's/ hdr Host shop.lab.test//'),
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

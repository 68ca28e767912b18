import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A tuning of the balancer has it speak HTTP/2 to the members of the desk (proto h2), which speak HTTP/1.1 only.',
  because:
    'The port is open, and whatever HAProxy sends is answered with something that is no frame of HTTP/2: the check fails as a protocol error. A plain request for the same page gets 200 on every host, from the balancer as well: the two ends speak different protocols.',
  service: 'desk',
  users: [502, 503],
  settleSeconds: 12,
  inject: (lab) => changeBalancer(lab, 's/^    server web-.*:9100$/& proto h2/'),
  heal: restoreBalancer,
  expect: {
    status: 'cause-found',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['member-unreachable', 'member-down-though-healthy', 'wrong-upstream'],
    hop: 'balancer',
    notSaid: ['not-started', 'overload', 'dependency', 'database-connections', 'deployment', 'deliberate'],
  },
});

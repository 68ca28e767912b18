import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'A second pool of the balancer, to which no rule leads, has all its members down.',
  because:
    "HAProxy logs that backend 'shop-green' has no server available. Nobody is sent there: users get 200 from the pool that they use.",
  service: 'shop',
  users: [200],
  settleSeconds: 10,
  inject: (lab) =>
    changeBalancer(
      lab,
      's,^backend shop,backend shop-green\\n    server green-1 10.203.0.11:9300 check\\n    server green-2 10.203.0.12:9300 check\\n\\n&,',
    ),
  heal: restoreBalancer,
  expect: { status: 'healthy', cause: null },
});

import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    "The balancer's rule for the desk leads to a pool of machines that were switched off; the right pool is there and up.",
  because:
    'HAProxy logs desk-old/<NOSRV> for the name of the desk. All members of the desk are up and nobody sends them anything.',
  service: 'desk',
  users: [503],
  settleSeconds: 6,
  inject: (lab) =>
    changeBalancer(
      lab,
      's,^backend shop,backend desk-old\\n    server old-1 10.203.0.11:9200 check\\n    server old-2 10.203.0.12:9200 check\\n\\n&,; s/use_backend desk if/use_backend desk-old if/',
    ),
  heal: restoreBalancer,
  expect: {
    status: 'cause-found',
    cause: 'routing',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: 'balancer',
    notSaid: ['not-started', 'health-check', 'overload', 'dependency', 'deployment', 'deliberate'],
  },
});

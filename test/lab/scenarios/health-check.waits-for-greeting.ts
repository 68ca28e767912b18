import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The check was written for another protocol: the balancer connects and waits for a greeting (tcp-check expect), which no HTTP server gives.',
  because:
    'All members are DOWN with L7TOUT: connected, and nothing came. Whoever sends a request gets 200 from each of them at once.',
  service: 'desk',
  users: [503],
  settleSeconds: 12,
  inject: (lab) =>
    changeBalancer(
      lab,
      '/^backend desk/,$ { s/option httpchk/option tcp-check\\n    tcp-check expect string ready/; /http-check send/d }',
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

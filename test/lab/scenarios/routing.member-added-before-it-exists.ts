import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';

/** No machine of the lab has it. */
const ADDRESS = '10.203.0.14';

export default defineScenario({
  fault:
    'For the busy season somebody entered a fourth member, web-4, into the pool of the desk, without a check so that it does not alarm; the machine is delivered next week. The pool never gave a request to another member than the one chosen (no option redispatch).',
  because:
    'One request in four gets 503 of HAProxy after three seconds, always with web-4 and sC in its log: nobody answers a connection to that address. The other three members are up, and none of their requests fails. Nothing of the app is broken; the balancer sends customers to where there is nobody.',
  service: 'desk',
  users: [200, 503],
  settleSeconds: 16,
  inject: (lab) =>
    changeBalancer(
      lab,
      [
        's/^backend desk$/&\\n    no option redispatch\\n    timeout connect 1s/',
        `s/^    server web-3 .*:9100$/&\\n    server web-4 ${ADDRESS}:9100 no-check/`,
      ].join(';'),
    ),
  heal: restoreBalancer,
  expect: {
    status: 'cause-found',
    cause: 'routing',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['member-unreachable', 'wrong-upstream'],
    hop: 'balancer',
    notSaid: [
      ...(['not-started', 'overload', 'dependency', 'database-connections'] as const),
      ...(['deployment', 'deliberate', 'health-check'] as const),
    ],
  },
});

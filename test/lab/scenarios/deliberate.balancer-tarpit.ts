import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'A rule of the balancer against bots keeps everybody waiting for three seconds and then says 503.',
  because:
    'HAProxy logs PT without having asked a member: the wait is the rule, no queue. All members are up, and the app answers at once.',
  service: 'desk',
  users: [503],
  settleSeconds: 6,
  inject: (lab) =>
    changeBalancer(
      lab,
      's,^backend desk,&\\n    timeout tarpit 3s\\n    http-request tarpit deny_status 503 if { src 10.0.0.0/8 },',
    ),
  heal: restoreBalancer,
  expect: {
    status: 'cause-found',
    cause: 'deliberate',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['request-denied', 'rate-limited'],
    hop: 'balancer',
    notSaid: ['not-started', 'overload', 'dependency', 'health-check', 'routing', 'deployment'],
  },
});

import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'A rule of the balancer against somebody refuses everybody.',
  because:
    'HAProxy logs PR and 503 without having asked a member: a rule refuses. All members are up, and the app answers.',
  service: 'desk',
  users: [503],
  inject: (lab) =>
    changeBalancer(lab, 's,^backend desk,&\\n    http-request deny deny_status 503 if { src 10.0.0.0/8 },'),
  heal: restoreBalancer,
  expect: {
    status: 'cause-found',
    cause: 'deliberate',
    confidence: ['confirmed', 'likely'],
    root: 'request-denied',
    hop: 'balancer',
    notSaid: ['not-started', 'health-check', 'routing', 'overload', 'deployment'],
  },
});

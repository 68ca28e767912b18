import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'Somebody has switched on a maintenance page at the balancer, for one of its services.',
  because:
    'HAProxy logs LR: a rule of its frontend wrote the answer, which speaks of maintenance. Members are up, and the app answers.',
  service: 'shop',
  users: [503],
  inject: (lab) =>
    changeBalancer(
      lab,
      's,^    bind :80,&\\n    http-request return status 503 content-type text/html string "<h1>Maintenance until 9 pm</h1>" hdr Retry-After 1800 if { hdr(host) -i shop.lab.test },',
    ),
  heal: restoreBalancer,
  expect: {
    status: 'cause-found',
    cause: 'deliberate',
    confidence: ['confirmed', 'likely'],
    root: ['request-denied', 'maintenance-mode'],
    hop: 'balancer',
    notSaid: ['not-started', 'health-check', 'routing', 'overload', 'deployment'],
  },
});

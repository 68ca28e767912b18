import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';
import { askBalancer } from '../wellness.js';

/** All customers of the lab come from here. */
const GATEWAY = '10.203.0.1';

export default defineScenario({
  fault:
    'The balancer refuses with 503 whoever is in its table of abusers, as ever; tonight somebody put an address into it on the socket, which is that of the gateway by which all customers come.',
  because:
    'HAProxy logs PR and 503 at once for every request, without having chosen a pool, let alone asked a member. All members are up, and the rule does what it was told.',
  service: 'desk',
  users: [503],
  settleSeconds: 3,
  inject: (lab) => {
    changeBalancer(
      lab,
      [
        's/^frontend public/backend abusers\\n    stick-table type ip size 10k expire 1h store gpc0\\n\\n&/',
        's/^    bind :80$/&\\n    http-request deny deny_status 503 if { src_get_gpc0(abusers) gt 0 }/',
      ].join(';'),
    );
    askBalancer(lab, `set table abusers key ${GATEWAY} data.gpc0 1`);
  },
  heal: restoreBalancer,
  expect: {
    status: 'cause-found',
    cause: 'deliberate',
    confidence: ['confirmed', 'likely'],
    root: ['request-denied', 'rate-limited'],
    hop: 'balancer',
    notSaid: [
      ...['not-started', 'overload', 'dependency', 'database-connections'],
      ...['health-check', 'routing', 'deployment'],
    ],
  },
});

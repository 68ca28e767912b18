import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { endLoad, startLoad } from '../faults/load.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The balancer counts requests for each address and refuses with 503 above twenty in ten seconds; all users come from one address.',
  because: 'HAProxy logs PR and 503 at once, without having asked a member. All members are up.',
  service: 'desk',
  users: [503],
  settleSeconds: 3,
  inject: (lab) => {
    changeBalancer(
      lab,
      's,^backend desk,&\\n    stick-table type ip size 100k expire 30s store http_req_rate(10s)\\n    http-request track-sc0 src\\n    http-request deny deny_status 503 if { sc_http_req_rate(0) gt 20 },',
    );
    startLoad('http://desk.lab.test/', 6, 30);
  },
  heal: (lab) => {
    endLoad();
    restoreBalancer(lab);
  },
  expect: {
    status: 'cause-found',
    cause: 'deliberate',
    confidence: ['confirmed', 'likely'],
    root: ['request-denied', 'rate-limited'],
    hop: 'balancer',
    notSaid: ['not-started', 'overload', 'dependency', 'health-check', 'routing', 'deployment'],
  },
});

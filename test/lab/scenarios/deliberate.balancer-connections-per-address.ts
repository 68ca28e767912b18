import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { endLoad, startLoad } from '../faults/load.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

const LIMIT = [
  's,^frontend public,backend per_address\\n    stick-table type ip size 100k expire 5m store conn_cur\\n\\n&,',
  's,^    bind :80$,&\\n    http-request track-sc1 src table per_address\\n    http-request deny deny_status 503 if { hdr(host) -i desk.lab.test } { sc1_conn_cur(per_address) gt 6 },',
].join('; ');

export default defineScenario({
  fault:
    'The balancer allows one address six requests of the desk at a time and says 503 to the seventh; all customers come by one gateway, and some of them keep a page open that takes its time.',
  because:
    'HAProxy logs PR and 503 at once, without having asked a member: it is its own rule that refuses. All members are up, each has threads and a connection of its pool free, and the desk answers whoever asks it past the balancer. The table of the balancer has one address in it, that of everybody.',
  service: 'desk',
  users: [503],
  settleSeconds: 4,
  inject: (lab) => {
    changeBalancer(lab, LIMIT);
    startLoad('http://desk.lab.test/hold?20', 9, 250);
  },
  heal: (lab) => {
    endLoad();
    restoreBalancer(lab);
    lab.web.forEach((host) => startAnew(host, 'desk'));
  },
  expect: {
    status: 'cause-found',
    cause: 'deliberate',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['request-denied', 'rate-limited', 'concurrency-limited'],
    hop: 'balancer',
    notSaid: [
      'not-started',
      'dependency',
      'database-connections',
      'deployment',
      'health-check',
      'routing',
      'workers-busy',
    ],
  },
});

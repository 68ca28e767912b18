import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The page by which an outer balancer probes this one was put at / (monitor-uri), where the customers are; it says 503 while fewer than four members are up (monitor fail), and since a host was given up there are three.',
  because:
    'HAProxy answers 503 itself and at once, and has no line of it in its log, for probes are not logged: only the frontend counts them as intercepted. All members are up, no queue, and any other page of the same name is served. Two lines of its configuration say so on purpose; nothing behind it is sick.',
  service: 'shop',
  users: [503],
  settleSeconds: 5,
  inject: (lab) =>
    changeBalancer(lab, 's,^    bind :80$,&\\n    monitor-uri /\\n    monitor fail if { nbsrv(shop) lt 4 },'),
  heal: restoreBalancer,
  expect: {
    status: 'cause-found',
    cause: 'deliberate',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: 'balancer',
    notSaid: [
      'not-started',
      'overload',
      'dependency',
      'database-connections',
      'deployment',
      'no-route-matched',
      'pool-without-members',
      'member-unreachable',
    ],
  },
});

import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { endLoad, startLoad } from '../faults/load.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The balancer lets two requests into each member, and slow ones have taken these places.',
  because:
    'HAProxy logs <NOSRV> sQ: requests waited four seconds in its queue and found no member below maxconn. Each host has a worker free and answers at once.',
  service: 'shop',
  users: [503],
  settleSeconds: 3,
  inject: (lab) => {
    changeBalancer(lab, 's/^    server web-.*:80$/& maxconn 2/');
    startLoad('http://shop.lab.test/sleep?25', 24);
  },
  heal: (lab) => {
    endLoad();
    restoreBalancer(lab);
    lab.web.forEach((host) => startAnew(host, 'shop'));
  },
  expect: {
    status: 'cause-found',
    cause: 'overload',
    confidence: ['confirmed', 'likely'],
    root: ['concurrency-limited', 'workers-busy'],
    hop: 'balancer',
    notSaid: ['dependency', 'database-connections', 'not-started', 'routing', 'deliberate'],
  },
});

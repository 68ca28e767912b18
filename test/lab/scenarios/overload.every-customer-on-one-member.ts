import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { endLoad, startLoad } from '../faults/load.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The balancer chooses the member by the address of the customer (balance source) and checks none; since all customers come by one gateway they are all sent to the same host, and a crowd asks for pages of six seconds there.',
  because:
    'On one host every worker is in a request and the queue of the port is full, nginx waits in vain for a place there; the other two hosts have nothing to do, and nothing that the app depends on is slow.',
  service: 'shop',
  users: [0, 503, 504],
  settleSeconds: 10,
  inject: (lab) => {
    changeBalancer(
      lab,
      's/^backend shop/&\\n    balance source/; /^backend shop/,/^backend desk/{/default-server/d}',
    );
    startLoad('http://shop.lab.test/sleep?6', 40);
  },
  heal: (lab) => {
    endLoad();
    restoreBalancer(lab);
    lab.web.forEach((host) => startAnew(host, 'shop'));
  },
  expect: {
    status: 'cause-found',
    cause: 'overload',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['workers-busy', 'accept-queue-full'],
    notSaid: ['dependency', 'database-connections', 'not-started', 'deployment', 'deliberate'],
  },
});

import { endLoad, startLoad } from '../faults/load.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A crowd asks for a page that takes a worker three seconds; nobody hangs, but the queues of 16 run over.',
  because:
    'The kernel holds more connections than the queue may have, twice in a row; the workers go on and are too few.',
  service: 'shop',
  users: [503, 504],
  settleSeconds: 8,
  inject: () => startLoad('http://shop.lab.test/sleep?3', 120),
  heal: ({ web }) => {
    endLoad();
    web.forEach((host) => startAnew(host, 'shop'));
  },
  expect: {
    status: 'cause-found',
    cause: 'overload',
    root: ['workers-busy', 'accept-queue-full'],
    // nginx itself may be the one that gives up on the app.
    hop: ['balancer', 'proxy'],
    notSaid: ['dependency', 'database-connections', 'not-started'],
  },
});

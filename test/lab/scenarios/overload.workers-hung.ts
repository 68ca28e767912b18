import { endLoad, startLoad } from '../faults/load.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'Requests hang in every worker of every host; more come in behind them.',
  because:
    'Each worker is in a request, uses no CPU and waits for no connection: they hang, and only a restart ends that.',
  service: 'shop',
  users: [503, 504],
  settleSeconds: 3,
  inject: () => startLoad('http://shop.lab.test/sleep?50', 40),
  heal: ({ web }) => {
    endLoad();
    web.forEach((host) => startAnew(host, 'shop'));
  },
  expect: {
    status: 'cause-found',
    cause: 'overload',
    root: ['workers-busy', 'accept-queue-full'],
    hop: 'balancer',
    notSaid: ['dependency', 'database-connections', 'not-started'],
  },
});

import { endLoad, startLoad } from '../faults/load.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'Many clients ask at once for pages that take CPU, more than the hosts have.',
  because: 'Every worker computes, connections wait behind them: this is load, and nothing else is wrong.',
  service: 'shop',
  users: [503, 504],
  settleSeconds: 3,
  inject: () => startLoad('http://shop.lab.test/burn?5', 40),
  heal: ({ web }) => {
    endLoad();
    web.forEach((host) => startAnew(host, 'shop'));
  },
  expect: {
    status: 'cause-found',
    cause: 'overload',
    root: ['workers-busy', 'cpu-saturated', 'accept-queue-full'],
    hop: 'balancer',
    notSaid: ['dependency', 'database-connections', 'not-started'],
  },
});

import { limitUnit, unlimitUnit } from '../faults/limits.js';
import { endLoad, startLoad } from '../faults/load.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'A page needs more memory than the unit may have: the kernel kills one worker after the other.',
  because: 'The unit runs on, for its main process is spared, but its control group counts kill after kill.',
  service: 'shop',
  users: [502, 503, 504],
  settleSeconds: 2,
  inject: ({ web }) => {
    web.forEach((host) => limitUnit(host, 'shop', 'MemoryMax=160M'));
    startLoad('http://shop.lab.test/hoard?200', 90);
  },
  heal: ({ web }) => {
    endLoad();
    web.forEach((host) => {
      unlimitUnit(host, 'shop');
      startAnew(host, 'shop');
    });
  },
  expect: {
    status: 'cause-found',
    cause: 'overload',
    root: 'memory-exhausted',
    notSaid: ['dependency', 'database-connections', 'deployment'],
  },
});

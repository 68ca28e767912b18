import { limitUnit, unlimitUnit } from '../faults/limits.js';
import { endLoad, startLoad } from '../faults/load.js';
import { deploy, withdraw } from '../faults/release.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A page needs more memory than the unit may have and worker after worker is killed; a release came out just before.',
  because: 'The control group counts the kills. The release has no part in them: each start succeeds.',
  service: 'shop',
  users: [502, 503, 504],
  settleSeconds: 2,
  inject: ({ web }) => {
    web.forEach((host) => {
      deploy(host, 'r42');
      limitUnit(host, 'shop', 'MemoryMax=160M');
    });
    startLoad('http://shop.lab.test/hoard?200', 90);
  },
  heal: ({ web }) => {
    endLoad();
    web.forEach((host) => {
      unlimitUnit(host, 'shop');
      withdraw(host);
      startAnew(host, 'shop');
    });
  },
  expect: {
    status: 'cause-found',
    cause: 'overload',
    root: 'memory-exhausted',
    notSaid: ['deployment', 'dependency'],
  },
});

import { endLoad, startLoad } from '../faults/load.js';
import { oneProcess } from '../faults/one-process.js';
import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A page needs more memory than the unit may have: the kernel kills its only process, and nothing starts it again.',
  because:
    'Each unit failed with signal 9. That it was for memory stands in the log of the kernel only, which these hosts do not have: without it an expert says that it was killed, and no more.',
  service: 'shop',
  users: [502, 503],
  settleSeconds: 3,
  inject: ({ web }) => {
    web.forEach((host) => changeUnit(host, 'shop', oneProcess('Restart=no', 'MemoryMax=100M')));
    startLoad('http://shop.lab.test/hoard?200', 6, 500);
  },
  heal: ({ web }) => {
    endLoad();
    web.forEach((host) => restoreUnit(host, 'shop'));
  },
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: 'confirmed',
    root: 'unit-failed',
    hop: 'balancer',
    notSaid: ['dependency', 'database-connections', 'deployment'],
  },
});

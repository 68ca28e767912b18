import { endLoad, startLoad } from '../faults/load.js';
import { oneProcess } from '../faults/one-process.js';
import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A page needs more memory than the unit may have: killed, started again, killed again, on every host.',
  because:
    'The restart counters climb and each run ended with signal 9. What the kernel says about it is not on these hosts, so want of memory is a guess; the loop is not.',
  service: 'shop',
  users: [502, 503],
  settleSeconds: 8,
  inject: ({ web }) => {
    web.forEach((host) =>
      changeUnit(host, 'shop', oneProcess('Restart=always', 'RestartSec=1', 'MemoryMax=100M')),
    );
    startLoad('http://shop.lab.test/hoard?200', 30, 100);
  },
  heal: ({ web }) => {
    endLoad();
    web.forEach((host) => restoreUnit(host, 'shop'));
  },
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    root: 'unit-crash-looping',
    notSaid: ['dependency', 'database-connections', 'deployment'],
  },
});

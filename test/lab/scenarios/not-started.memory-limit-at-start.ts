import { unlimitUnit } from '../faults/limits.js';
import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'MemoryMax= of the unit is less than the app needs to load its code: the kernel kills its main process as it boots.',
  because:
    'The unit failed with signal 9 a moment after its start. The log of the kernel, which would say why, is not to be had on these hosts.',
  service: 'desk',
  users: [503],
  settleSeconds: 6,
  inject: ({ web }) =>
    web.forEach((host) => changeUnit(host, 'desk', ['[Service]', 'MemoryMax=26M', 'Restart=no'])),
  heal: ({ web }) =>
    web.forEach((host) => {
      unlimitUnit(host, 'desk');
      restoreUnit(host, 'desk');
    }),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['unit-failed', 'memory-exhausted'],
    hop: 'balancer',
    notSaid: ['dependency', 'database-connections', 'deployment'],
  },
});

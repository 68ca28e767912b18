import { unlimitUnit } from '../faults/limits.js';
import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'MemoryMax= of the unit is less than one worker needs to load its code: each is killed as it boots.',
  because:
    'gunicorn tells of signal 9 for worker after worker while the unit is active and its port open: the limit kills them.',
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
    cause: 'overload',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['memory-exhausted'],
    hop: 'balancer',
    notSaid: ['dependency', 'database-connections', 'deployment'],
  },
});

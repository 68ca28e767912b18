import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'Somebody limits the address space of the unit (LimitAS=) to less than Python needs for its modules.',
  because:
    'The app ends with MemoryError as it loads its code, at each start. The hosts have memory to spare, and the kernel killed nobody.',
  service: 'desk',
  users: [503],
  settleSeconds: 5,
  inject: ({ web }) => web.forEach((host) => changeUnit(host, 'desk', ['[Service]', 'LimitAS=48M'])),
  heal: ({ web }) => web.forEach((host) => restoreUnit(host, 'desk')),
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    root: ['unit-crash-looping', 'unit-failed'],
    hop: 'balancer',
    notSaid: ['deployment', 'dependency', 'routing', 'database-connections'],
  },
});

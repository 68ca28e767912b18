import { limitUnit, unlimitUnit } from '../faults/limits.js';
import { endLoad, startLoad } from '../faults/load.js';
import { startAnew } from '../faults/start-anew.js';
import type { LabHost } from '../host.js';
import { defineScenario } from '../scenario.js';

/** Tells the kernel not to kill in the group of the unit: who needs memory there waits. */
const SWITCH = '/sys/fs/cgroup/memory/system.slice/shop.service/memory.oom_control';

const forbidKilling = (host: LabHost): void => {
  host.sh(`echo 1 >${SWITCH}`);
};

const allowKilling = (host: LabHost): void => {
  host.sh(`[ ! -e ${SWITCH} ] || echo 0 >${SWITCH} || :`);
};

export default defineScenario({
  fault:
    'After workers had been killed for memory somebody forbade the kernel to kill in the group of the unit (oom_kill_disable) instead of giving it more: a page needs more than the unit may have, and whoever asks for memory there now waits until somebody gives some back. That is nobody.',
  because:
    'The memory of the unit is at its limit on every host and no kill is counted; each worker hangs in a page fault, uses no CPU and asks nobody anything. The hosts have memory to spare, and all that the app depends on answers at once.',
  service: 'shop',
  users: [0, 502, 503, 504],
  settleSeconds: 8,
  inject: ({ web }) => {
    web.forEach((host) => {
      limitUnit(host, 'shop', 'MemoryMax=160M');
      forbidKilling(host);
    });
    startLoad('http://shop.lab.test/hoard?200', 30);
  },
  heal: ({ web }) => {
    endLoad();
    web.forEach((host) => {
      allowKilling(host);
      unlimitUnit(host, 'shop');
      startAnew(host, 'shop');
    });
  },
  expect: {
    status: 'cause-found',
    cause: 'overload',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['memory-exhausted', 'workers-busy', 'accept-queue-full'],
    notSaid: ['dependency', 'database-connections', 'deployment', 'not-started', 'routing', 'deliberate'],
  },
});

import { endLoad, startLoad } from '../faults/load.js';
import { endOtherShop, runOtherShop } from '../faults/other-shop.js';
import { defineScenario } from '../scenario.js';

const WAITRESS = '/usr/bin/python3 -m waitress --listen=127.0.0.1:8000 --threads=4 app:application';

export default defineScenario({
  fault:
    'The shop runs under waitress with its default of four threads on each host; a crowd asks for a page that keeps a thread for four seconds. Waitress takes in who comes and keeps him in a queue of its own.',
  because:
    'Every host has one process whose log says "Task queue depth is …" with ever larger numbers; nothing waits at the port, for waitress accepts at once. Database, cache and payments answer whoever asks them, no CPU is used, and the health page is late only because it stands in the same queue: too few threads for the crowd.',
  service: 'shop',
  users: [0, 503, 504],
  settleSeconds: 10,
  inject: async (lab) => {
    await runOtherShop(lab, { unit: [`ExecStart=${WAITRESS}`] });
    startLoad('http://shop.lab.test/sleep?4', 75, 200);
  },
  heal: ({ web }) => {
    endLoad();
    web.forEach(endOtherShop);
  },
  expect: {
    status: 'cause-found',
    cause: 'overload',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['workers-busy', 'accept-queue-full'],
    notSaid: [
      'dependency',
      'database-connections',
      'cpu-saturated',
      'deployment',
      'not-started',
      'routing',
      'deliberate',
    ],
  },
});

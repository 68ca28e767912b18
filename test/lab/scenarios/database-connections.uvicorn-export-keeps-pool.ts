import { setTimeout as sleep } from 'node:timers/promises';
import { runAsyncShop } from '../faults/async-shop.js';
import { endOtherShop } from '../faults/other-shop.js';
import { endLoad, startLoad } from '../faults/load.js';
import { defineScenario } from '../scenario.js';
import { untilWell } from '../wellness.js';

export default defineScenario({
  fault:
    'The shop is async Python under uvicorn with a pool of three connections in each process (asyncpg, max_size=3). An export takes one and keeps it while it feeds a slow printer; four of them run on each host. Beyond sixteen requests at once uvicorn says 503 itself (--limit-concurrency).',
  because:
    'Pages wait for a connection of the pool and give up after three seconds: the log has TimeoutError out of pool.acquire, and no refusal by the database. There the sessions of the shop are few and idle, with nothing running and slots to spare. "Exceeded concurrency limit." is what follows, for those who wait pile up.',
  service: 'shop',
  users: [503, 504],
  settleSeconds: 8,
  inject: async (lab) => {
    lab.web.forEach((host) => runAsyncShop(host, '--limit-concurrency 16'));
    await untilWell(lab);
    startLoad('http://shop.lab.test/export', 12);
    await sleep(2000);
    startLoad('http://shop.lab.test/', 30);
  },
  heal: ({ web }) => {
    endLoad();
    web.forEach(endOtherShop);
  },
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: ['confirmed', 'likely', 'possible'],
    root: 'app-pool-exhausted',
    notSaid: ['dependency', 'not-started', 'deployment', 'routing', 'deliberate'],
  },
});

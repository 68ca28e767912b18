import { setTimeout as sleep } from 'node:timers/promises';
import { endLoad, startLoad } from '../faults/load.js';
import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { redis } from '../faults/redis.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';
import { untilUsersGet, untilWell } from '../wellness.js';

const PRODUCTS = 5000;
const FILL = `for i = 0, ${String(PRODUCTS - 1)} do redis.call("set", "price:" .. i, "1") end`;

/** For years each page has shown the price of some product, which is computed where the cache does not have it. */
const SHOWS_PRICE = [
  's/^import json$/&\\nimport random/; s/^        if payments:$/&',
  `            product = "price:%d" % random.randrange(${String(PRODUCTS)})`,
  '            if not cache.exists(product):',
  '                burn(1.2)',
  '                cache.set(product, 1)/',
].join('\\n');

export default defineScenario({
  fault:
    'Somebody emptied the cache in the busy hours (FLUSHDB): the price of each of five thousand products has to be computed anew, which takes more than a second of CPU, and the customers are those of every day.',
  because:
    'Every worker computes, the cores are used up, and requests and health checks wait behind them. Code, number of workers and number of customers are those of before; the cache runs and answers at once, it is only empty. Nothing refuses the app and nothing makes it wait: it has more to do than the hosts have CPU.',
  service: 'shop',
  users: [0, 503, 504],
  settleSeconds: 5,
  inject: async (lab) => {
    redis(lab, 'EVAL', FILL, '0');
    for (const host of lab.web) wakeBug(host, 'shop', 'app.py', SHOWS_PRICE);
    await sleep(3000);
    await untilWell(lab);
    startLoad('http://shop.lab.test/', 20, 1000);
    await sleep(4000);
    await untilUsersGet('http://shop.lab.test/', [200]);
    redis(lab, 'FLUSHDB');
  },
  heal: (lab) => {
    endLoad();
    for (const host of lab.web) {
      bugSleeps(host, 'shop', 'app.py');
      startAnew(host, 'shop');
    }
    redis(lab, 'FLUSHDB');
  },
  expect: {
    status: 'cause-found',
    cause: 'overload',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['cpu-saturated', 'workers-busy', 'accept-queue-full'],
    notSaid: ['dependency', 'database-connections', 'deployment', 'not-started', 'routing', 'deliberate'],
  },
});

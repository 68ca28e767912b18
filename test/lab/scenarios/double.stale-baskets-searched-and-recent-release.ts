import { endProgram, startProgram } from '../faults/background-program.js';
import { releaseGreeting, SHOP_CODE, takeGreeting } from '../faults/innocent-release.js';
import { edited } from '../faults/other-shop.js';
import { redis } from '../faults/redis.js';
import type { Lab } from '../lab.js';
import { defineScenario } from '../scenario.js';

const UNIT = 'basket-tidy';
/** Where the baskets of customers are kept, beside what the shop counts. */
const BASKETS = '2';

/** A page waits 0.4 s for the basket, which the health page does not open. */
const SHOP = edited(SHOP_CODE, [
  ['socket_timeout=5, ', 'socket_timeout=0.4, '],
  [
    '        step = "cache"\n        cache.incr("visits")\n        if payments:\n',
    `        if payments:
            step = "basket"
            try:
                cache.incr("visits")
            except redis.RedisError:
                raise NoBasket
`,
  ],
  ['def page(payments=True):\n', 'class NoBasket(Exception):\n    pass\n\n\ndef page(payments=True):\n'],
  [
    '    except Exception as error:\n',
    `    except NoBasket:
        print("shop: basket given up, page not shown", flush=True)
        return "503 Service Unavailable", {"status": "failing", "message": "Your basket cannot be shown right now."}
    except Exception as error:
`,
  ],
]);

/** Looks for stale baskets of every branch in one transaction (what a pipeline of redis-py is), and rests a little. */
const tidy = (branches: number): string => `
import redis, time
client = redis.Redis("cache.lab.test", password="cache-secret", db=${BASKETS})
while True:
    try:
        search = client.pipeline()
        for branch in range(${String(branches)}):
            search.keys("basket:%d:*:stale" % branch)
        for stale in search.execute():
            if stale:
                client.delete(*stale)
    except redis.RedisError:
        pass
    time.sleep(1.5)
`;

/** What KEYS has taken of Redis so far, in microseconds. */
const spentOnKeys = (lab: Lab): number =>
  Number(/^cmdstat_keys:calls=\d+,usec=(\d+)/m.exec(redis(lab, 'INFO', 'commandstats'))?.[1] ?? 0);

/** How many branches make Redis search for a second and a half, on a machine as fast as this one. */
function branchesFor(lab: Lab): number {
  const before = spentOnKeys(lab);
  redis(lab, '-n', BASKETS, 'KEYS', 'basket:0:*:stale');
  const each = Math.max(spentOnKeys(lab) - before, 1);
  return Math.min(Math.max(Math.ceil(1_500_000 / each), 3), 60);
}

export default defineScenario({
  fault:
    'Release r42 of the shop went out on every host and works. Some seconds later a new job on another host begins to look for stale baskets in Redis: by KEYS among some hundred thousand, once for each branch and all in one transaction, and again after a second and a half.',
  because:
    'Pages fail in bursts of a second or more, on every host at the same moments, with "basket given up, page not shown", and are served in between. The slow log of Redis is full of KEYS by one client that is no host of the app, each burst as long as one of its transactions, and a PING waits as long. The release served every page until that began; the health page opens no basket.',
  service: 'shop',
  users: [200, 503],
  settleSeconds: 16,
  inject: async (lab) => {
    redis(lab, '-n', BASKETS, 'DEBUG', 'POPULATE', '400000', 'basket', '8');
    const branches = branchesFor(lab);
    await releaseGreeting(lab, SHOP);
    redis(lab, 'SLOWLOG', 'RESET');
    startProgram(lab.host('ns-1'), UNIT, tidy(branches));
  },
  heal: (lab) => {
    endProgram(lab.host('ns-1'), UNIT);
    redis(lab, '-n', BASKETS, 'FLUSHDB');
    redis(lab, 'SLOWLOG', 'RESET');
    takeGreeting(lab);
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['dependency-slow', 'app-blames-dependency', 'dependency-failing'],
    hop: 'app',
    notSaid: [
      'deployment',
      'overload',
      'database-connections',
      'not-started',
      'health-check',
      'routing',
      'deliberate',
    ],
  },
});

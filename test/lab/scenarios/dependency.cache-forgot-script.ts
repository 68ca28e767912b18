import { beFrameworkShop, beUsualShop, type Change } from '../faults/framework-shop.js';
import { untilAnswers } from '../faults/redis.js';
import { defineScenario } from '../scenario.js';

/** The basket is counted by a script that each worker hands to Redis once, as it boots, and calls by its sum from then on. */
const BY_SCRIPT: readonly Change[] = [
  [
    'class ShopError(Exception):',
    `COUNT = cache.script_load("return redis.call('INCRBY', KEYS[1], ARGV[1])")


class ShopError(Exception):`,
  ],
  ['return cache.incr("visits")', 'return cache.evalsha(COUNT, 1, "visits", 1)'],
];

export default defineScenario({
  fault:
    'The shop calls a script of Redis by its sum (EVALSHA), which each worker loads once as it boots. Redis was restarted for an upgrade of its package and knows no script any more.',
  because:
    'Redis is up, lets everybody in and has its data; to each page and each check it says "No matching script. Please use EVAL.", on every host, since it was restarted. The code is as old as ever, and neither the app nor the database was touched.',
  service: 'shop',
  users: [503],
  settleSeconds: 5,
  inject: async (lab) => {
    await beFrameworkShop(lab, { logs: 'json', page: 'problem', changes: BY_SCRIPT });
    lab.host('cache-1').run('systemctl', 'restart', 'redis-server');
    untilAnswers(lab);
  },
  heal: (lab) => {
    lab.host('cache-1').run('systemctl', 'start', 'redis-server');
    lab.web.forEach(beUsualShop);
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['app-refused-by-dependency', 'app-blames-dependency', 'dependency-failing'],
    hop: 'balancer',
    notSaid: [
      'database-connections',
      'overload',
      'deployment',
      'not-started',
      'routing',
      'deliberate',
      'dependency-unreachable',
      'dependency-slow',
    ],
  },
});

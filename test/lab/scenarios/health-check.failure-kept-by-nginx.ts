import { setTimeout as sleep } from 'node:timers/promises';
import { keepAnswersOf, keepNoAnswers } from '../faults/nginx-cache.js';
import { untilAnswers } from '../faults/redis.js';
import { untilUsersGet } from '../wellness.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'nginx keeps every answer of the health page for ten minutes, a failure as well; the cache was down for some seconds, and is back, and the failure is still shown on every host.',
  because:
    'All members are DOWN with L7STS 503, and yet the app itself says 200 on every host, for the health page as for any other, and the cache answers. What the check hears is an answer of before, kept by nginx.',
  service: 'shop',
  users: [503],
  settleSeconds: 10,
  inject: async (lab) => {
    // What is kept first must be the failure: nothing is kept before the cache is down.
    lab.host('cache-1').run('systemctl', 'stop', 'redis-server');
    await untilUsersGet('http://shop.lab.test/', [503]);
    lab.web.forEach((host) => keepAnswersOf(host, '/health/'));
    await sleep(4000);
    lab.host('cache-1').run('systemctl', 'start', 'redis-server');
    untilAnswers(lab);
  },
  heal: (lab) => {
    lab.host('cache-1').run('systemctl', 'start', 'redis-server');
    lab.web.forEach(keepNoAnswers);
  },
  expect: {
    status: 'cause-found',
    cause: 'health-check',
    confidence: ['confirmed', 'likely', 'possible'],
    notSaid: [
      'not-started',
      'overload',
      'dependency',
      'database-connections',
      'deployment',
      'routing',
      'deliberate',
    ],
  },
});

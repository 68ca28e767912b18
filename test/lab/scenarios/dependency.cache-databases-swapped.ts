import { redis } from '../faults/redis.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A figure for a report was prepared in database 3 of the cache under the same key as the counter of visits ("1.204.377"), and somebody swapped the two databases (SWAPDB 0 3) instead of copying one key.',
  because:
    'Redis runs, lets everybody in and answers PING, and refuses the one command that each page needs: "value is not an integer or out of range". No release came out, no right was taken, no memory is short: what stands under the key is wrong.',
  service: 'shop',
  users: [503],
  settleSeconds: 6,
  inject: (lab) => {
    redis(lab, '-n', '3', 'SET', 'visits', '1.204.377');
    redis(lab, 'SWAPDB', '0', '3');
  },
  heal: (lab) => {
    redis(lab, 'DEL', 'visits');
    redis(lab, '-n', '3', 'FLUSHDB');
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['app-refused-by-dependency', 'app-blames-dependency', 'dependency-failing'],
    hop: ['balancer', 'app'],
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

import { checkAgain, stopChecking } from '../faults/members.js';
import { deploy, removeReleases } from '../faults/new-release.js';
import { redis } from '../faults/redis.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

const NEW = 'web-1';

export default defineScenario({
  fault:
    'Release r42 was put on web-1 alone; it keeps the visits in the cache in another form (a hash), which r41 on the other hosts cannot count up. The balancer checks nothing.',
  because:
    'Since r42 runs on web-1 every page of the two hosts with r41 fails with WRONGTYPE, while web-1 is well. The cache runs and does what it is told: two releases share one key and do not agree about it.',
  service: 'shop',
  users: [200, 503],
  settleSeconds: 14,
  inject: (lab) => {
    stopChecking(lab, 'shop');
    deploy(lab.host(NEW), {
      service: 'shop',
      release: 'r42',
      edit: 's/cache.incr("visits")/cache.type("visits") == b"hash" or cache.delete("visits"); cache.hincrby("visits", "all", 1)/',
    });
  },
  heal: (lab) => {
    removeReleases(lab.host(NEW), 'shop');
    startAnew(lab.host(NEW), 'shop');
    redis(lab, 'DEL', 'visits');
    checkAgain(lab, 'shop');
  },
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    confidence: ['confirmed', 'likely', 'possible'],
    notSaid: [
      'not-started',
      'overload',
      'database-connections',
      'routing',
      'deliberate',
      'dependency-unreachable',
    ],
  },
});

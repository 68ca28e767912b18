import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The cache is stopped. Pages do without it, but the health page insists on it: all members are taken out.',
  because:
    'All members are DOWN with L7STS 503, and that page names the cache, which refuses connections from every host. Pages are 200 there: the check makes a small trouble a large one, and the cache is where it began.',
  service: 'shop',
  users: [503],
  settleSeconds: 8,
  inject: (lab) => {
    lab.web.forEach((host) =>
      wakeBug(
        host,
        'shop',
        'app.py',
        's/^        cache.incr("visits")/        try:\\n            cache.incr("visits")\\n        except redis.RedisError:\\n            if not payments:\\n                raise/',
      ),
    );
    lab.host('cache-1').run('systemctl', 'stop', 'redis-server');
  },
  heal: (lab) => {
    lab.host('cache-1').run('systemctl', 'start', 'redis-server');
    lab.web.forEach((host) => {
      bugSleeps(host, 'shop', 'app.py');
      startAnew(host, 'shop');
    });
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: 'dependency-unreachable',
    hop: 'balancer',
    notSaid: ['not-started', 'overload', 'database-connections', 'deployment', 'routing', 'deliberate'],
  },
});

import { defineScenario } from '../scenario.js';
import { redis } from '../faults/redis.js';

export default defineScenario({
  fault: 'Redis may not write into its folder any more, and the last save failed.',
  because: 'It refuses writes with MISCONF until a save succeeds.',
  service: 'shop',
  users: [503],
  inject: (lab) => {
    lab.host('cache-1').sh('chown root:root /var/lib/redis; chmod 0755 /var/lib/redis');
    redis(lab, 'BGSAVE');
  },
  heal: (lab) => {
    lab.host('cache-1').sh('chown redis:redis /var/lib/redis; chmod 0750 /var/lib/redis');
    redis(lab, 'BGSAVE');
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely'],
    root: 'dependency-failing',
    hop: 'balancer',
    notSaid: ['overload', 'database-connections'],
  },
});

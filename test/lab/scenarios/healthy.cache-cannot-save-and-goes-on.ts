import { redis } from '../faults/redis.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'Redis may not write into its folder, its last save failed, and it was told to take writes all the same (stop-writes-on-bgsave-error no).',
  because:
    'INFO says that the last save failed, and the log of Redis repeats it; every write is taken and users get 200. It is a danger for the next restart, and no cause.',
  service: 'shop',
  users: [200],
  settleSeconds: 4,
  inject: (lab) => {
    redis(lab, 'CONFIG', 'SET', 'stop-writes-on-bgsave-error', 'no');
    lab.host('cache-1').sh('chown root:root /var/lib/redis; chmod 0755 /var/lib/redis');
    redis(lab, 'BGSAVE');
  },
  heal: (lab) => {
    lab.host('cache-1').sh('chown redis:redis /var/lib/redis; chmod 0750 /var/lib/redis');
    redis(lab, 'BGSAVE');
    lab
      .host('cache-1')
      .sh(
        'until redis-cli --no-auth-warning -a cache-secret INFO persistence | grep -q last_bgsave_status:ok; do sleep 0.2; done',
      );
    redis(lab, 'CONFIG', 'SET', 'stop-writes-on-bgsave-error', 'yes');
  },
  expect: { status: 'healthy', cause: null },
});

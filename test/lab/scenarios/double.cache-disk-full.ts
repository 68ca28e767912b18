import { fillDisk, freeDisk } from '../faults/full-disk.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: "The cache's disk is full; it could not save, refuses every write, and the app answers 503.",
  because:
    'Redis says MISCONF to writes while PING works. Its disk is on a host that is not the service: the cache is the root that can be told.',
  service: 'shop',
  users: [503],
  inject: ({ host }) => {
    const cache = host('cache-1');
    // It stands in its folder as that was when it started.
    cache.run('systemctl', 'stop', 'redis-server');
    fillDisk(cache, '/var/lib/redis');
    cache.sh('systemctl start redis-server; redis-cli -a cache-secret bgsave >/dev/null 2>&1; sleep 1');
  },
  heal: ({ host }) => {
    const cache = host('cache-1');
    // Asked to stop, it does not go without a save.
    cache.sh('systemctl kill --kill-whom=main -s KILL redis-server || :; systemctl stop redis-server');
    freeDisk(cache, '/var/lib/redis');
    cache.run('systemctl', 'start', 'redis-server');
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    root: 'dependency-failing',
    notSaid: ['overload', 'deployment', 'not-started'],
  },
});

import { redis } from '../faults/redis.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'Redis was restarted with one database (databases 1) by a run of the configuration management; the desk keeps its sessions in the second.',
  because:
    'The desk quotes Redis for every page: DB index is out of range. Redis runs, answers PING, and the shop, which uses the first database, is well.',
  service: 'desk',
  users: [503],
  settleSeconds: 4,
  inject: (lab) => {
    // A file with keys of a second database would not be loaded: this Redis keeps none.
    redis(lab, 'CONFIG', 'SET', 'save', '');
    lab.host('cache-1').sh(`rm -f /var/lib/redis/dump.rdb
      sed -i 's/^databases .*/databases 1/' /etc/redis/redis.conf; systemctl restart redis-server`);
  },
  heal: ({ host }) =>
    void host('cache-1').sh(
      `sed -i 's/^databases .*/databases 16/' /etc/redis/redis.conf; systemctl restart redis-server`,
    ),
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
    ],
  },
});

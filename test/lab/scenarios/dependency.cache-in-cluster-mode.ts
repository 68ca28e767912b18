import { redis } from '../faults/redis.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A move to a cluster began too early: Redis was restarted with cluster-enabled, as the only node, and nobody has given it a slot.',
  because:
    'The app quotes Redis for every page and every check: "Hash slot not served". Redis runs, takes logins and answers PING, and no key can be read or written: it waits for a cluster that is not there.',
  service: 'shop',
  users: [503],
  settleSeconds: 4,
  inject: (lab) => {
    // A node that loads keys takes their slots for itself: this Redis keeps none.
    redis(lab, 'CONFIG', 'SET', 'save', '');
    lab.host('cache-1').sh(`systemctl stop redis-server; rm -f /var/lib/redis/dump.rdb
      echo 'cluster-enabled yes' >>/etc/redis/redis.conf; systemctl start redis-server`);
  },
  heal: ({ host }) =>
    void host('cache-1').sh(`systemctl stop redis-server
      sed -i '/^cluster-enabled yes/d' /etc/redis/redis.conf
      rm -f /var/lib/redis/nodes.conf /var/lib/redis/dump.rdb; systemctl start redis-server`),
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

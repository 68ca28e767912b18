import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

const ASKS_FIRST = `/usr/bin/python3 -c "import os, redis; redis.Redis.from_url(os.environ['REDIS_URL'], socket_connect_timeout=2).ping()"`;

export default defineScenario({
  fault: 'The cache is down, and the app, restarted meanwhile, refuses to start without it: again and again.',
  because:
    'The failed starts name the cache, and it refuses connections from every host: that it does not start is a consequence.',
  service: 'shop',
  users: [503],
  settleSeconds: 12,
  inject: ({ web, host }) => {
    host('cache-1').run('systemctl', 'stop', 'redis-server');
    web.forEach((each) => changeUnit(each, 'shop', ['[Service]', `ExecStartPre=${ASKS_FIRST}`]));
  },
  heal: ({ web, host }) => {
    host('cache-1').run('systemctl', 'start', 'redis-server');
    web.forEach((each) => restoreUnit(each, 'shop'));
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    root: 'dependency-unreachable',
    hop: 'balancer',
    notSaid: ['overload', 'deployment', 'database-connections'],
  },
});

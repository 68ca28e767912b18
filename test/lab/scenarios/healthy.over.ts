import { setTimeout as sleep } from 'node:timers/promises';
import { untilUsersGet } from '../wellness.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The cache was down for some seconds and users got 503; it is back.',
  because:
    'Users get 200 now. What the logs tell is of the past, and may not be called the cause of anything present.',
  service: 'shop',
  users: [200],
  settleSeconds: 1,
  inject: async ({ host }) => {
    host('cache-1').run('systemctl', 'stop', 'redis-server');
    await untilUsersGet('http://shop.lab.test/', [503]);
    await sleep(2000);
    host('cache-1').run('systemctl', 'start', 'redis-server');
  },
  heal: ({ host }) => void host('cache-1').run('systemctl', 'start', 'redis-server'),
  expect: { status: 'healthy', cause: null },
});

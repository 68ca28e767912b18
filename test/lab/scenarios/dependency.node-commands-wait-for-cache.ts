import { runNodeShop } from '../faults/node-shop.js';
import { endOtherShop } from '../faults/other-shop.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'Redis is stopped under a shop of Node.js, whose client keeps every command in a queue until Redis is back: pages and health page fail no more, they wait.',
  because:
    'The log of every host has ECONNREFUSED of the port of Redis and no failed request, for none ends. The balancer runs out of time at the health page and takes all members out. The app is idle, the database answers, and nothing listens at the cache.',
  service: 'shop',
  users: [503],
  settleSeconds: 4,
  inject: async (lab) => {
    await runNodeShop(lab);
    lab.host('cache-1').run('systemctl', 'stop', 'redis-server');
  },
  heal: (lab) => {
    lab.host('cache-1').run('systemctl', 'start', 'redis-server');
    lab.web.forEach(endOtherShop);
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely'],
    root: ['dependency-unreachable', 'app-blames-dependency'],
    hop: 'balancer',
    notSaid: ['overload', 'database-connections', 'deployment', 'not-started', 'routing', 'deliberate'],
  },
});

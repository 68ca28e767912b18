import { askMany } from '../faults/ask-many.js';
import { runNodeShop } from '../faults/node-shop.js';
import { endOtherShop } from '../faults/other-shop.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'An old bug of a shop of Node.js: its search takes a client of the pool and does not give it back where the query fails. A crawler has asked for /search?id=latest, which is no number, until the pool of each host was empty.',
  because:
    'Each page says "timeout exceeded when trying to connect", which is the pool of node-pg with all of its five clients out. The database has room, lets others in at once, and shows five idle sessions of each host, in no transaction; none of the app is at work.',
  service: 'shop',
  users: [503],
  settleSeconds: 5,
  inject: async (lab) => {
    await runNodeShop(lab);
    const urls = lab.web.map(({ address }) => `http://${address}/search?id=latest`);
    askMany(urls, 8, 15);
  },
  heal: (lab) => lab.web.forEach(endOtherShop),
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: ['confirmed', 'likely', 'possible'],
    root: 'app-pool-exhausted',
    hop: 'balancer',
    notSaid: [
      'connections-exhausted',
      'dependency',
      'deployment',
      'not-started',
      'overload',
      'routing',
      'deliberate',
    ],
  },
});

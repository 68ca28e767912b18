import { endLoad, startLoad } from '../faults/load.js';
import { runNodeShop } from '../faults/node-shop.js';
import { endOtherShop } from '../faults/other-shop.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A shop of Node.js hashes passwords in its event loop (pbkdf2Sync), which was no matter while few logged in; a letter to all customers sends sixty at once to the login.',
  because:
    'On each host the only process of the app computes all the time, and while it does it neither accepts nor answers: connections wait in its queue and the health page runs out of time. It asks nothing of others, database, cache and payments are quick, and nothing was changed.',
  service: 'shop',
  users: [503],
  settleSeconds: 6,
  inject: async (lab) => {
    await runNodeShop(lab);
    for (const { address } of lab.web) startLoad(`http://${address}/login?password=hunter2`, 20, 50);
  },
  heal: (lab) => {
    endLoad();
    lab.web.forEach(endOtherShop);
  },
  expect: {
    status: 'cause-found',
    cause: 'overload',
    confidence: ['confirmed', 'likely', 'possible'],
    notSaid: ['dependency', 'database-connections', 'deployment', 'not-started', 'routing', 'deliberate'],
  },
});

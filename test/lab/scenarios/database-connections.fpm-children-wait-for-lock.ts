import { endLoad, startLoad } from '../faults/load.js';
import { endPhpShop, runPhpShop } from '../faults/php-shop.js';
import { endSessions, openSessions } from '../faults/sql-session.js';
import { defineScenario } from '../scenario.js';
import { untilWell } from '../wellness.js';

export default defineScenario({
  fault:
    'The shop is written in PHP. Somebody locked the table of orders in psql and forgot the transaction; every child of php-fpm waits for that lock, and there may be five (pm.max_children).',
  because:
    'php-fpm has as many children as it may have and none is free, but they use no CPU: each has a session of the database that waits for a lock. One session idle in transaction holds it and blocks all of them. More children would only be more who wait.',
  service: 'shop',
  users: [502, 503, 504],
  settleSeconds: 6,
  inject: async (lab) => {
    lab.web.forEach((host) => runPhpShop(host));
    await untilWell(lab);
    openSessions(lab, 'shop', 'begin; lock table orders in access exclusive mode;');
    startLoad('http://shop.lab.test/', 30);
  },
  heal: (lab) => {
    endLoad();
    endSessions(lab);
    lab.web.forEach(endPhpShop);
  },
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['idle-in-transaction', 'sessions-blocked-by-lock'],
    notSaid: ['not-started', 'routing', 'deployment', 'deliberate'],
  },
});

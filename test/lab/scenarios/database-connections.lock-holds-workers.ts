import { endLoad, startLoad } from '../faults/load.js';
import { endSessions, openSessions } from '../faults/sql-session.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'Somebody locks the table of orders in a transaction and leaves it open; every worker waits for that lock.',
  because:
    'The workers are busy without CPU, their sessions wait for a lock, and one idle transaction holds it.',
  service: 'shop',
  users: [503, 504],
  settleSeconds: 4,
  inject: (lab) => {
    openSessions(lab, 'shop', 'begin; lock table orders in access exclusive mode;');
    startLoad('http://shop.lab.test/', 30);
  },
  heal: (lab) => {
    endLoad();
    endSessions(lab);
  },
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    root: ['idle-in-transaction', 'sessions-blocked-by-lock'],
    hop: 'balancer',
    notSaid: ['not-started'],
  },
});

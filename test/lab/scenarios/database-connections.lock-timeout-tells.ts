import { endSessions, openSessions } from '../faults/sql-session.js';
import { sql } from '../faults/sql.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'Somebody locked the table of orders and forgot the transaction; the role of the shop waits 0.7 s for a lock and no longer (lock_timeout).',
  because:
    'Nobody hangs and no queue grows: each page fails after 0.7 s with "canceling statement due to lock timeout". Who holds the lock sits idle in a transaction of its own.',
  service: 'shop',
  users: [503],
  settleSeconds: 5,
  inject: (lab) => {
    sql(lab, "alter role shop set lock_timeout = '700ms'");
    lab.web.forEach((host) => startAnew(host, 'shop'));
    openSessions(lab, 'shop', 'begin; lock table orders in access exclusive mode;');
  },
  heal: (lab) => {
    endSessions(lab);
    sql(lab, 'alter role shop reset lock_timeout');
    lab.web.forEach((host) => startAnew(host, 'shop'));
  },
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: ['confirmed', 'likely', 'possible'],
    notSaid: ['overload', 'deployment', 'not-started', 'routing'],
  },
});

import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { endSessions, sql } from '../faults/sql.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'Each page notes an order; somebody made every transaction of the role of the shop read-only (default_transaction_read_only).',
  because:
    'The app quotes the database: cannot execute INSERT in a read-only transaction. It has room, takes logins and answers every question; what it refuses is to write.',
  service: 'shop',
  users: [503],
  settleSeconds: 4,
  inject: (lab) => {
    sql(lab, 'alter role shop set default_transaction_read_only = on');
    lab.web.forEach((host) =>
      wakeBug(
        host,
        'shop',
        'app.py',
        's/select count(\\*) from orders/with placed as (insert into orders values (0, now()) returning id) select count(*) from placed/',
      ),
    );
  },
  heal: (lab) => {
    sql(lab, 'alter role shop reset default_transaction_read_only');
    endSessions(lab, 'shop');
    lab.web.forEach((host) => {
      bugSleeps(host, 'shop', 'app.py');
      startAnew(host, 'shop');
    });
    sql(lab, 'delete from orders where id = 0', 'shop');
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    notSaid: ['database-connections', 'overload', 'deployment', 'not-started', 'deliberate'],
  },
});

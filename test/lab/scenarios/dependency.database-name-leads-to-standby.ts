import { setTimeout as sleep } from 'node:timers/promises';
import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { becomeReadOnlyStandby, endRecovery } from '../faults/recovery.js';
import { sql } from '../faults/sql.js';
import { startAnew } from '../faults/start-anew.js';
import { untilWell } from '../wellness.js';
import { defineScenario } from '../scenario.js';

/** Each page notes an order, as it has for long. */
const NOTE_ORDER =
  's/select count(\\*) from orders/with placed as (insert into orders values (0, now()) returning id) select count(*) from placed/';

export default defineScenario({
  fault:
    'Each page notes an order. After a failover of the database the server of before came back as a standby, and the name that the shop calls still leads to it.',
  because:
    'The app quotes the database on every host: "cannot execute INSERT in a read-only transaction". The server takes logins, has slots left, answers whatever is only read, and says of itself that it is in recovery: it is the wrong one of two to write to, not an exhausted or dead one.',
  service: 'shop',
  users: [503],
  settleSeconds: 8,
  inject: async (lab) => {
    lab.web.forEach((host) => wakeBug(host, 'shop', 'app.py', NOTE_ORDER));
    // The workers with the code of before have ended by then.
    await sleep(6000);
    await untilWell(lab);
    becomeReadOnlyStandby(lab);
  },
  heal: (lab) => {
    endRecovery(lab);
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
    root: ['app-refused-by-dependency', 'app-blames-dependency', 'dependency-failing'],
    hop: 'balancer',
    notSaid: [
      'database-connections',
      'overload',
      'deployment',
      'not-started',
      'routing',
      'deliberate',
      'dependency-slow',
    ],
  },
});

import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { endSessions, openSessions } from '../faults/sql-session.js';
import { sql } from '../faults/sql.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

const TAKE_NUMBER =
  's/ask_database("select count(\\*) from orders")/ask_database("update numbers set last = last + 1 returning last")/';

export default defineScenario({
  fault:
    'Every page takes its number from one row of the database (update … returning). The job of the month reserved a thousand numbers and goes on working for minutes in the same transaction; the login of diag503 is no member of pg_monitor.',
  because:
    'All sessions of the shop wait, in a row, for one transaction that has not ended: what they want is a row and no table, and who has it is no idle session but one at work. Slots are left. The text of the statements is hidden from the login, but who waits for whose lock is not.',
  service: 'shop',
  users: [503],
  settleSeconds: 8,
  inject: (lab) => {
    sql(lab, 'create table if not exists numbers (last bigint)', 'shop');
    sql(lab, 'insert into numbers values (481200); alter table numbers owner to shop', 'shop');
    sql(lab, 'revoke pg_monitor from diag503');
    openSessions(lab, 'shop', 'begin; update numbers set last = last + 1000; select pg_sleep(140);');
    const deadline = Date.now() + 10_000;
    const held =
      "select count(*) from pg_locks where relation = 'numbers'::regclass and mode = 'RowExclusiveLock' and granted";
    while (Number(sql(lab, held, 'shop')) === 0)
      if (Date.now() > deadline) throw new Error('Nobody holds the row of the numbers.');
    lab.web.forEach((host) => wakeBug(host, 'shop', 'app.py', TAKE_NUMBER));
  },
  heal: (lab) => {
    endSessions(lab);
    lab.web.forEach((host) => {
      bugSleeps(host, 'shop', 'app.py');
      startAnew(host, 'shop');
    });
    sql(lab, 'grant pg_monitor to diag503');
    sql(lab, 'drop table if exists numbers', 'shop');
  },
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: ['confirmed', 'likely', 'possible'],
    root: 'sessions-blocked-by-lock',
    hop: 'balancer',
    notSaid: [
      'connections-exhausted',
      'app-pool-exhausted',
      'dependency',
      'deployment',
      'not-started',
      'routing',
      'deliberate',
    ],
  },
});

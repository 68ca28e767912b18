import { endSessions, openSessions } from '../faults/sql-session.js';
import { sql } from '../faults/sql.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A job locks the table of the exports in the database of the shop and forgets its transaction; three more jobs wait for that lock, and no page needs the table.',
  because:
    'There are sessions that wait for a lock and one that is idle in a transaction, all of them with the login of the shop; none is of the app, slots are left, and every page is 200.',
  service: 'shop',
  users: [200],
  settleSeconds: 8,
  inject: (lab) => {
    sql(lab, 'create table if not exists exports (id int)', 'shop');
    sql(lab, 'alter table exports owner to shop', 'shop');
    openSessions(lab, 'shop', 'begin; lock table exports;');
    const deadline = Date.now() + 10_000;
    const held = "select count(*) from pg_locks where relation = 'exports'::regclass and granted";
    while (Number(sql(lab, held, 'shop')) === 0)
      if (Date.now() > deadline) throw new Error('Nobody locked the table of the exports.');
    openSessions(lab, 'shop', 'update exports set id = 1;', 3);
  },
  heal: (lab) => {
    endSessions(lab);
    sql(lab, 'drop table if exists exports', 'shop');
  },
  expect: { status: 'healthy', cause: null },
});

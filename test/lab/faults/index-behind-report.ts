import type { Lab } from '../lab.js';
import { endSessions, openSessions } from './sql-session.js';
import { sql } from './sql.js';

/**
 * A report keeps a snapshot open and does nothing; CREATE INDEX CONCURRENTLY on the table of orders waits for the end of
 * that, as it must. It blocks nobody who reads or writes.
 */
export function buildIndexBehindReport(lab: Lab): void {
  openSessions(lab, 'shop', 'begin isolation level repeatable read; select count(*) from orders;');
  untilSession(lab, "state = 'idle in transaction'", 'The report has not begun.');
  openSessions(lab, 'shop', 'create index concurrently orders_placed on orders (placed);');
  untilSession(lab, "wait_event_type = 'Lock' and query like 'create index%'", 'The index waits for nobody.');
}

export function dropIndexAndReport(lab: Lab): void {
  endSessions(lab);
  sql(lab, 'drop index if exists orders_placed', 'shop');
}

function untilSession(lab: Lab, condition: string, otherwise: string): void {
  const count = `select count(*) from pg_stat_activity where application_name = 'report' and ${condition}`;
  const deadline = Date.now() + 15_000;
  while (Number(sql(lab, count)) === 0) if (Date.now() > deadline) throw new Error(otherwise);
}

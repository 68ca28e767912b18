import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../../src/store/database.js';

const LOOK_EVERY_MS = 500;
/** Two sweeps: what is posted again afterwards would be posted by them. */
export const QUIET_MS = 22_000;

/** Waits until every run has ended and every message is as it should be. False: not within the time. */
export async function untilDrained(database: Database, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (Date.now() < deadline) {
    if ((await leftOf(database)) === 0) return true;
    await sleep(LOOK_EVERY_MS);
  }
  return false;
}

/** Runs under way and messages owed; a run that was taken back owes none. While the database is away nobody knows, and there is something left. */
export async function leftOf({ query }: Pick<Database, 'query'>): Promise<number> {
  try {
    const [row] = await query(
      `SELECT (SELECT count(*) FROM diag503.run WHERE state IN ('queued', 'running'))
         + (SELECT count(*) FROM diag503.message m LEFT JOIN diag503.run r ON r.id = m.run_id
            WHERE m.error IS NULL AND m.posted_revision IS DISTINCT FROM m.revision
              AND r.state IS DISTINCT FROM 'refused') AS n`,
    );
    return Number(row?.['n'] ?? 1);
  } catch {
    return 1;
  }
}

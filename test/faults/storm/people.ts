import { setTimeout as sleep } from 'node:timers/promises';
import pRetry from 'p-retry';
import type { Database, Row } from '../../../src/store/database.js';
import { ASKED_IN, type Stage } from './stage.js';

/** What one person saw who typed a command in the middle of the storm. */
export type Asked = {
  readonly service: string;
  /** How often it was typed until the bot took it; people who are told that nothing was started type again. */
  typed: number;
  /** When the one that was taken was typed. */
  typedAt: number;
  /** Null: its run never started. */
  startedAt: number | null;
};

const EVERY_MS = 2_500;
const TYPE_AGAIN_MS = 1_000;
const STARTED_WITHIN_MS = 90_000;

/** Somebody types `/diag503 SERVICE` every few seconds, each time about another service, until `isOver`. */
export async function keepAsking(stage: Stage, isOver: () => boolean, asked: Asked[]): Promise<void> {
  const underWay: Promise<void>[] = [];
  for (const [index, service] of stage.asked.entries()) {
    if (isOver()) break;
    const one: Asked = { service, typed: 0, typedAt: Date.now(), startedAt: null };
    asked.push(one);
    underWay.push(ask(stage, one, index));
    await sleep(EVERY_MS);
  }
  await Promise.all(underWay);
}

async function ask({ slack, addresses, database }: Stage, one: Asked, index: number): Promise<void> {
  const deadline = Date.now() + STARTED_WITHIN_MS;
  while (Date.now() < deadline) {
    // Slack sends to one address; behind it the bots take turns.
    slack.setRequestUrl(`${addresses[(index + one.typed) % addresses.length] ?? ''}/slack/events`);
    one.typed += 1;
    one.typedAt = Date.now();
    await slack.control.command('U0ANA', ASKED_IN, `/diag503 ${one.service}`);
    if (await isTaken(database, one.service)) break;
    await sleep(TYPE_AGAIN_MS);
  }
  while (one.startedAt === null && Date.now() < deadline) {
    const [run] = await patiently(
      database,
      'SELECT started_at AS at FROM diag503.run WHERE service = $1',
      one,
    );
    if (run?.['at'] instanceof Date) one.startedAt = run['at'].getTime();
    else await sleep(100);
  }
}

const isTaken = async (database: Database, service: string): Promise<boolean> =>
  (
    await patiently(
      database,
      `SELECT FROM diag503.run WHERE service = $1 AND state <> 'refused' AND enqueued_at IS NOT NULL`,
      { service },
    )
  ).length > 0;

/** The database is killed as well: then the question waits. */
const patiently = (database: Database, text: string, { service }: { service: string }): Promise<Row[]> =>
  pRetry(() => database.query(text, [service]), { retries: 300, minTimeout: 200, factor: 1 });

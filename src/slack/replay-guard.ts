import { createHash } from 'node:crypto';
import type { SeenRequestStore } from '../store/seen-requests.js';
import type { Log } from './log.js';

/** True for the first who comes with a key; false for a replay. */
export type FirstSight = (key: string) => Promise<boolean>;

type Options = { seenRequests?: SeenRequestStore | undefined; log?: Log; maxKeys?: number; waitMs?: number };

/** A signature is valid for five minutes on either side; this many requests in that time are far above any workspace. */
const MAX_KEYS = 20_000;
/** Slack waits three seconds: a database that is slow must not eat them. */
const WAIT_MS = 300;
const PRUNE_EVERY = 500;

/**
 * In this process by memory, across processes by the database. While the database does not answer, memory alone
 * decides: a replay to another process at just that moment joins the run that is on anyway.
 */
export function createReplayGuard(options: Options = {}): FirstSight {
  const { seenRequests, log, maxKeys = MAX_KEYS, waitMs = WAIT_MS } = options;
  const seen = new Set<string>();
  let count = 0;

  return async (key) => {
    const digest = createHash('sha256').update(key).digest('hex');
    if (seen.has(digest)) return false;
    seen.add(digest);
    for (const oldest of seen) {
      if (seen.size <= maxKeys) break;
      seen.delete(oldest);
    }
    if (!seenRequests) return true;
    count += 1;
    const complain = (error: unknown): void =>
      log?.warn({ err: error }, 'replays are looked for in memory only');
    if (count % PRUNE_EVERY === 0) seenRequests.prune().catch(complain);
    const asked = seenRequests.first(digest).catch((error: unknown) => {
      complain(error);
      return true;
    });
    return orTrueAfter(asked, waitMs);
  };
}

async function orTrueAfter(asked: Promise<boolean>, waitMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(true), waitMs);
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}

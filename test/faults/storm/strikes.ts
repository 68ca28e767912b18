import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../random.js';
import type { Restarted } from './restarted.js';
import type { Stage } from './stage.js';

/** `until` is null while it is not up again. */
export type Strike = { readonly what: string; readonly from: number; until: number | null };

type Target = { what: string; strike: (downMs: number) => Promise<void> };

/** The first seconds are without, so that a storm alone is seen as well. */
const FIRST_AFTER_MS = 12_000;
const EVERY_MS = { from: 2_500, spread: 3_000 };
const DOWN_MS = { from: 300, spread: 2_500 };

/** Kills with -9 at random for that long, each target before any comes again. */
export async function strikeAtRandom(
  stage: Stage,
  { random, forMs }: { random: Random; forMs: number },
  strikes: Strike[],
): Promise<void> {
  const end = Date.now() + forMs;
  const underWay: Promise<void>[] = [];
  const failed: unknown[] = [];
  let bag: Target[] = [];
  await sleep(FIRST_AFTER_MS);
  while (Date.now() < end) {
    if (bag.length === 0) bag = targetsOf(stage);
    const [target] = bag.splice(random.int(bag.length), 1);
    // On a busy machine one may not be up again when its turn comes.
    if (target !== undefined && !strikes.some(({ what, until }) => what === target.what && until === null))
      underWay.push(
        strike(target, DOWN_MS.from + random.int(DOWN_MS.spread), strikes).catch((error: unknown) => {
          failed.push(error); // told at the end: nobody waits for it before
        }),
      );
    await sleep(EVERY_MS.from + random.int(EVERY_MS.spread));
  }
  await Promise.all(underWay);
  if (failed.length > 0)
    throw new AggregateError(failed, `what was killed does not come up again: ${failed.join('; ')}`);
}

async function strike({ what, strike: hit }: Target, downMs: number, strikes: Strike[]): Promise<void> {
  const one: Strike = { what, from: Date.now(), until: null };
  strikes.push(one);
  await hit(downMs);
  one.until = Date.now();
}

function targetsOf({ postgres, redis, bots, workers }: Stage): Target[] {
  const server = (what: string, one: Server): Target => ({
    what,
    strike: async (downMs) => {
      await one.kill();
      await sleep(downMs);
      await one.start();
    },
  });
  const process = (each: Restarted): Target => ({
    what: each.name,
    strike: async () => {
      each.kill();
      await sleep(100); // until the kernel has told us that it is gone
      await each.untilUp();
    },
  });
  return [
    server('PostgreSQL', postgres),
    ...(redis === null ? [] : [server('Redis', redis)]),
    ...[...bots, ...workers].map(process),
  ];
}

type Server = { kill(): Promise<void>; start(): Promise<void> };

/** Whether something was down, or coming up again, at any moment of that time. */
export const isStruck = (strikes: readonly Strike[], from: number, until: number): boolean =>
  strikes.some((each) => each.from <= until && (each.until ?? Infinity) >= from);

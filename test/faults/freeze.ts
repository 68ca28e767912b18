import { setTimeout as sleep } from 'node:timers/promises';
import type { Product } from '../e2e/product.js';
import type { Change } from './change.js';
import type { Lane } from './lane.js';
import type { Moment } from './moments.js';
import type { Random } from './random.js';
import { hasBegun, letGo, placeChanges, pressAll, untilHeld, untilTold } from './round.js';

/** Longer than its lease, and than the lock of its job until the queue takes it away. */
const FROZEN_MS = 80_000;
const AWAKE_MS = 15_000;
const ROUNDS: readonly (readonly Moment[])[] = [
  ['entry', 'entry', 'entry-made', 'go', 'effect', 'effect-made', 'outcome', 'random'],
  ['random', 'random', 'random', 'random', 'random', 'random', 'random', 'random'],
];

/** A worker stands still until another one has its work, and then goes on as if nothing had been. */
export async function freezeLane(lane: Lane, changes: Change[], random: Random): Promise<void> {
  for (const moments of ROUNDS) {
    const placed = await placeChanges(lane, moments);
    changes.push(...placed);
    const isHeld = moments.some((moment) => moment !== 'random');
    const pressed = pressAll(lane, placed);
    if (isHeld) await pressed.then(() => untilHeld(lane, placed));
    const [frozen] = lane.workers;
    if (!isHeld) await untilAnyBegun(frozen, placed).then(() => sleep(random.int(300)));
    frozen?.kill('SIGSTOP');
    const frozenAt = Date.now();
    await pressed;
    const hit = new Set<Change>(placed.filter((change) => frozen !== undefined && hasBegun(frozen, change)));
    for (const change of placed) {
      change.faultAt = frozenAt;
      if (hit.has(change)) change.phase = 'worker frozen';
    }
    letGo(lane, placed, hit, random);
    await sleep(FROZEN_MS);
    frozen?.kill('SIGCONT');
    await untilTold(lane, placed, 60_000);
    await sleep(AWAKE_MS);
    console.log(`${lane.name}: ${hit.size} changes of a worker that stood still for ${FROZEN_MS / 1_000} s`);
  }
}

/** The instant is a random one in the middle of its work, not before it. */
async function untilAnyBegun(worker: Product | undefined, placed: readonly Change[]): Promise<void> {
  const deadline = Date.now() + 20_000;
  const isAtIt = (): boolean => placed.some((change) => worker !== undefined && hasBegun(worker, change));
  while (!isAtIt() && Date.now() < deadline) await sleep(20);
}

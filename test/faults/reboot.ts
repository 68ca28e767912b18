import type { Change } from './change.js';
import { evidenceOf, phaseOf } from './change.js';
import type { Lane } from './lane.js';
import type { Moment } from './moments.js';
import type { Random } from './random.js';
import { keyOf, placeChanges, pressAll, untilHeld, untilTold } from './round.js';

const MOMENTS: readonly Moment[] = [
  'entry',
  'entry-made',
  'go',
  'effect',
  'effect-made',
  'effect-made',
  'outcome',
  'random',
];
const TOLD_MS = 75_000;

/** The host loses its power in the middle of changes, and comes again; nothing of what ran there goes on. */
export async function rebootLane(
  lane: Lane,
  { reboots, changes, random }: { reboots: number; changes: Change[]; random: Random },
): Promise<void> {
  const { powerCycle } = lane;
  if (powerCycle === null) throw new Error(`${lane.name} has no host that could lose its power`);
  for (let reboot = 1; reboot <= reboots; reboot += 1) {
    const placed = await placeChanges(lane, MOMENTS);
    changes.push(...placed);
    await pressAll(lane, placed);
    await untilHeld(lane, placed);
    await new Promise((resolve) => setTimeout(resolve, random.int(500)));
    const faultAt = Date.now();
    const cycled = powerCycle();
    for (const change of placed) {
      const phase = phaseOf(await evidenceOf(lane, change), change.told !== null);
      Object.assign(change, { faultAt, phase: phase === null ? null : `reboot, ${phase}` });
    }
    // Whoever held them has lost its power as well.
    for (const change of placed) lane.host.release(keyOf(change, change.moment), change.moment);
    await cycled;
    console.log(
      `${lane.name}: reboot ${reboot} of ${reboots}, up again after ${((Date.now() - faultAt) / 1_000).toFixed(1)} s: ${placed.map(({ phase }) => String(phase)).join(', ')}`,
    );
    await untilTold(lane, placed, TOLD_MS);
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Change } from './change.js';
import type { Lane } from './lane.js';
import type { Moment } from './moments.js';
import type { Random } from './random.js';
import { letGo, placeChanges, pressAll, untilHeld, untilTold } from './round.js';

const DOWN_MS = 5_000;
const MOMENTS: readonly Moment[] = [
  'entry',
  'go',
  'effect',
  'effect',
  'effect-made',
  'effect-made',
  'outcome',
  'random',
];

/** PostgreSQL, and Redis where there is one, are killed in the middle of changes and come back. */
export async function outageLane(lane: Lane, changes: Change[], random: Random): Promise<void> {
  const { postgres, redis } = lane;
  await strike(lane, changes, random, { what: 'PostgreSQL killed', ...postgres });
  if (redis !== null) await strike(lane, changes, random, { what: 'Redis killed', ...redis });
}

type Server = { what: string; kill(): Promise<void>; start(): Promise<void> };

async function strike(lane: Lane, changes: Change[], random: Random, server: Server): Promise<void> {
  const placed = await placeChanges(lane, MOMENTS);
  changes.push(...placed);
  await pressAll(lane, placed);
  await untilHeld(lane, placed);
  await server.kill();
  for (const change of placed) Object.assign(change, { phase: server.what, faultAt: Date.now() });
  letGo(lane, placed, new Set(placed), random);
  await sleep(DOWN_MS);
  await server.start();
  await untilTold(lane, placed, 75_000);
  console.log(
    `${lane.name}: ${server.what} for ${DOWN_MS / 1_000} s in the middle of ${placed.length} changes`,
  );
}

import { setTimeout as sleep } from 'node:timers/promises';
import { type Change, evidenceOf, phaseOf } from './change.js';
import type { Lane } from './lane.js';
import { type Moment, type Phase, WANTED, type WantedPhase } from './moments.js';
import type { Random } from './random.js';
import {
  AT_ONCE,
  hasBegun,
  letGo,
  lockRows,
  type Placed,
  placeChanges,
  pressAll,
  untilHeld,
  untilTold,
} from './round.js';
import { labelOf } from './sick-services.js';

/** Of each phase so many are still to be hit; shared by all lanes. */
export type Wanted = Map<Phase | 'random', number>;

export const wantedKills = (kills: number): Wanted =>
  new Map<Phase | 'random', number>([
    ...(Object.keys(WANTED) as WantedPhase[]).map((phase): [Phase, number] => [phase, kills]),
    ['random', kills],
  ]);

/** What nobody can know is told after two minutes; the next kill does not wait for it. */
const NEXT_ROUND_AFTER_MS = 75_000;

/** Kills until every phase was hit as often as wanted, or the time is over. */
export async function crashLane(
  lane: Lane,
  wanted: Wanted,
  changes: Change[],
  random: Random,
  untilMs: number,
): Promise<void> {
  let round = 0;
  while ([...wanted.values()].some((left) => left > 0) && Date.now() < untilMs) {
    round += 1;
    const placed = await placeChanges(lane, nextMoments(wanted, random));
    changes.push(...placed);
    await pressAll(lane, placed);
    await untilHeld(lane, placed);
    // One of two workers, or all of them as when a machine loses its power.
    const hit = await killWorkers(lane, placed, round % 2 === 0 ? 1 : lane.workers.length, random);
    for (const { phase, moment } of hit) count(wanted, moment === 'random' ? 'random' : (phase as Phase));
    console.log(`${lane.name}: ${hit.map(({ phase }) => String(phase)).join(', ')}; left: ${leftOf(wanted)}`);
    await untilTold(lane, placed, NEXT_ROUND_AFTER_MS);
  }
}

const leftOf = (wanted: Wanted): string =>
  [...wanted]
    .filter(([, left]) => left > 0)
    .map(([phase, left]) => `${phase} ${left}`)
    .join(', ') || 'nothing';

const count = (wanted: Wanted, phase: Phase | 'random'): void =>
  void wanted.set(phase, Math.max(0, (wanted.get(phase) ?? 0) - 1));

/** The phases that lack most, mixed in one round: a single kill then hits several of them. */
function nextMoments(wanted: Wanted, random: Random): Moment[] {
  const left = new Map(wanted);
  return Array.from({ length: AT_ONCE }, (): Moment => {
    const [phase, lacking] = [...left].toSorted((a, b) => b[1] - a[1])[0] ?? ['random', 0];
    left.set(phase, lacking - 1);
    if (phase === 'random') return 'random';
    const moments: readonly Moment[] = WANTED[phase as WantedPhase];
    return moments[random.int(moments.length)] ?? 'random';
  });
}

async function killWorkers(lane: Lane, placed: Placed[], howMany: number, random: Random): Promise<Placed[]> {
  const unlock = await lockRows(lane, placed);
  const victims = lane.workers.slice(0, howMany);
  await sleep(random.int(placed.some(({ moment }) => moment === 'random') ? 300 : 20));
  const told = new Map(placed.map((change) => [change, change.told !== null]));
  const isPosting = ({ service }: Placed, state: 'waiting' | 'left'): boolean =>
    lane.gate.stateOf(labelOf(service)) === state;
  const posting = new Set(placed.filter((change) => isPosting(change, 'waiting')));
  for (const victim of victims) lane.kill(victim);
  const killedAt = Date.now();
  unlock();
  await sleep(100); // until the gate has seen which of its callers are gone
  const isHit = (change: Placed): boolean =>
    change.moment === 'post'
      ? posting.has(change) && isPosting(change, 'left')
      : victims.some((victim) => hasBegun(victim, change));
  const hit: Placed[] = [];
  for (const change of placed) {
    change.faultAt = killedAt;
    const phase = phaseOf(await evidenceOf(lane, change), told.get(change) === true);
    if (phase === null || !isHit(change)) continue;
    change.phase = phase;
    hit.push(change);
  }
  letGo(lane, placed, new Set(hit), random);
  await Promise.all(victims.map(() => lane.startWorker()));
  return hit;
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Product } from '../e2e/product.js';
import { type Change, isTaken, offerChanges, press } from './change.js';
import type { Lane } from './lane.js';
import { fateOf, type Moment } from './moments.js';
import type { Random } from './random.js';
import { labelOf } from './sick-services.js';

/** As many as two workers take at once. */
export const AT_ONCE = 8;

export type Placed = Change & { moment: Moment };

const REACHED_WITHIN_MS = 40_000;

/** Fresh services, each with its button, its hold in place. */
export async function placeChanges(lane: Lane, moments: readonly Moment[]): Promise<Placed[]> {
  const changes = await offerChanges(lane, lane.fresh(moments.length));
  return changes.map((change, index) => {
    const moment = moments[index] ?? 'random';
    if (moment === 'post') lane.gate.hold(labelOf(change.service));
    else if (moment === 'record') lane.host.hold(change.id, 'outcome');
    else if (moment !== 'random') lane.host.hold(keyOf(change, moment), moment);
    return Object.assign(change, { moment });
  });
}

/** The ledger knows the remediation, the operator's command its service. */
export const keyOf = ({ id, service }: Change, moment: Moment): string =>
  moment === 'effect' || moment === 'effect-made' ? service : id;

export const pressAll = (lane: Lane, placed: readonly Placed[]): Promise<unknown> =>
  Promise.all(placed.map((change) => press(lane, change)));

/** All are where they are held, or the wait was long enough: what a kill hits is found out afterwards. */
export async function untilHeld(lane: Lane, placed: readonly Placed[]): Promise<void> {
  const deadline = Date.now() + REACHED_WITHIN_MS;
  const isThere = (change: Placed): boolean => {
    if (change.moment === 'random') return true;
    if (change.moment === 'post') return lane.gate.stateOf(labelOf(change.service)) !== 'armed';
    const moment = change.moment === 'record' ? 'outcome' : change.moment;
    return lane.host.isHeld(keyOf(change, moment), moment);
  };
  while (!placed.every(isThere) && Date.now() < deadline) await sleep(50);
}

/** Without its row the worker cannot write down what it has learnt; the lock is short, as its own patience is. */
export async function lockRows(lane: Lane, placed: readonly Placed[]): Promise<() => void> {
  const held = placed.filter(({ moment }) => moment === 'record');
  if (held.length === 0) return () => undefined;
  let unlock = (): void => undefined;
  const unlocked = new Promise<void>((resolve) => (unlock = resolve));
  await new Promise<void>((locked, failed) => {
    lane.database
      .transaction(async (query) => {
        const ids = held.map(({ id }) => id);
        await query('SELECT FROM diag503.remediation WHERE id = ANY($1::uuid[]) FOR UPDATE', [ids]);
        locked();
        await unlocked;
      })
      .catch(failed);
  });
  for (const { id } of held) lane.host.release(id, 'outcome');
  await sleep(400); // until the host has written it down
  return unlock;
}

/** What was held goes on: what the fault has hit by its fate, the rest at once. */
export function letGo(lane: Lane, placed: readonly Placed[], hit: ReadonlySet<Change>, random: Random): void {
  for (const change of placed) {
    const { moment } = change;
    const key = keyOf(change, moment);
    const { dies, afterMs } = fateOf(moment, random);
    if (moment === 'post') lane.gate.release(labelOf(change.service));
    else if (!hit.has(change)) lane.host.release(key, moment);
    else if (dies) lane.host.die(key, moment);
    else setTimeout(() => lane.host.release(key, moment), afterMs);
  }
}

/** Its log says which it has begun. */
export const hasBegun = (worker: Product, { id }: Change): boolean =>
  worker
    .output()
    .split('\n')
    .some((line) => line.includes(`"remediation":"${id}","state":"requested"`));

export async function untilTold(lane: Lane, all: readonly Change[], ms: number): Promise<void> {
  const changes: Change[] = [];
  for (const change of all) if (await isTaken(lane, change)) changes.push(change);
  const deadline = Date.now() + ms;
  while (changes.some(({ told }) => told === null) && Date.now() < deadline) await sleep(250);
}

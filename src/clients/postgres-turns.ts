import { setTimeout as sleep } from 'node:timers/promises';
import type { PostgresAddress } from './postgres-address.js';
import { createSlots, type Slots } from './slots.js';

/**
 * One session of ours at a time for each login: its CONNECTION LIMIT is small (docs/security.md), and the app needs
 * the slots. Whoever waits in vain for this long goes ahead: a server that does not answer holds no session for us.
 */
const PATIENCE_MS = 1000;
const turns = new Map<string, Slots>();

export const inTurn = async <T>(
  { user, host, port }: PostgresAddress,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> => {
  const key = `${user}@${host}:${String(port)}`;
  const slots = turns.get(key) ?? createSlots(1);
  turns.set(key, slots);
  const impatient = new AbortController();
  const turn = slots.take(AbortSignal.any([signal, impatient.signal]));
  const release = await Promise.race([turn, sleep(PATIENCE_MS, undefined, { ref: false })]);
  if (release === undefined) {
    impatient.abort(new Error('went ahead'));
    // A turn that came in the very moment is given back.
    turn.then(
      (late) => late(),
      () => undefined,
    );
  }
  try {
    return await work();
  } finally {
    release?.();
  }
};

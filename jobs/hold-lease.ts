import type { RemediationStore } from '../src/store/remediations.js';

/** Without a word from it for this long, a worker counts as gone. */
export const LEASE_MS = 20_000;
const RENEW_EVERY_MS = 5_000;

/**
 * Says again and again that the one with this token is at it. The signal ends what has not begun, when another one is,
 * or when for as long as a lease lasts nobody could be told.
 */
export function holdLease(
  store: Pick<RemediationStore, 'renew'>,
  { id, token }: { id: string; token: string },
  stopping: AbortSignal,
): { signal: AbortSignal; release: () => void } {
  const lost = new AbortController();
  let heldUntil = Date.now() + LEASE_MS;
  const renew = (): void => {
    const asked = Date.now();
    if (asked > heldUntil) lost.abort(new Error('nobody could be told for too long'));
    store.renew(id, LEASE_MS, token).then(
      (held) => {
        if (held) heldUntil = asked + LEASE_MS;
        else lost.abort(new Error('somebody else looks after it by now'));
      },
      () => undefined, // the next one tries again; without any the sweeper decides
    );
  };
  renew();
  const timer = setInterval(renew, RENEW_EVERY_MS);
  return { signal: AbortSignal.any([lost.signal, stopping]), release: () => clearInterval(timer) };
}

import type { RemediationStore } from '../src/store/remediations.js';

/** Without a word from it for this long, a worker counts as gone. */
export const LEASE_MS = 20_000;
const RENEW_EVERY_MS = 5_000;

/** Says again and again that somebody is at it. The signal ends what has not begun, when that is no longer true. */
export function holdLease(
  store: Pick<RemediationStore, 'renew'>,
  id: string,
  stopping: AbortSignal,
): { signal: AbortSignal; release: () => void } {
  const lost = new AbortController();
  const renew = (): void => {
    store.renew(id, LEASE_MS).then(
      (held) => held || lost.abort(new Error('somebody else looks after it by now')),
      () => undefined, // the next one tries again; without any the sweeper decides
    );
  };
  renew();
  const timer = setInterval(renew, RENEW_EVERY_MS);
  return { signal: AbortSignal.any([lost.signal, stopping]), release: () => clearInterval(timer) };
}

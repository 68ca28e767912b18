import { toError } from './deadline.js';

/** At most `limit` holders at a time; who waits can be called off by a signal. */
export type Slots = {
  take: (signal: AbortSignal) => Promise<() => void>;
  limitTo: (limit: number) => void;
};

export const createSlots = (limit: number): Slots => {
  let places = limit;
  let taken = 0;
  const waiting = new Set<() => void>();
  const next = (): void => {
    const first = taken < places ? [...waiting][0] : undefined;
    first?.();
  };
  const release = (): (() => void) => {
    let done = false;
    return () => {
      if (done) return;
      done = true;
      taken -= 1;
      next();
    };
  };
  return {
    limitTo: (fewer) => {
      places = Math.max(1, fewer);
    },
    take: (signal) =>
      new Promise((resolve, reject) => {
        const give = (): void => {
          waiting.delete(give);
          signal.removeEventListener('abort', leave);
          taken += 1;
          resolve(release());
        };
        const leave = (): void => {
          waiting.delete(give);
          reject(toError(signal.reason));
        };
        if (signal.aborted) {
          leave();
          return;
        }
        signal.addEventListener('abort', leave, { once: true });
        waiting.add(give);
        next();
      }),
  };
};

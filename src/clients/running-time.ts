import { performance } from 'node:perf_hooks';

const TICK_MS = 100;
/** A timer of a process that has a core is not as late as this. */
const LATE_MS = 25;

let stalledMs = 0;
let lastTick: number | null = null;

/** How much too late the next tick is by now. Grows from zero, so that the clock stands and never goes back. */
const lateMs = (from: number, now: number): number => Math.max(0, now - from - TICK_MS - LATE_MS);

const tick = (from: number): void => {
  lastTick = from;
  setTimeout(() => {
    const now = performance.now();
    stalledMs += lateMs(from, now);
    tick(now);
  }, TICK_MS).unref();
};

/**
 * Milliseconds of a clock that stands while this process does not get to run: a worker that waits for a core, or is
 * at something else, must not say that the other side was slow or silent.
 */
export const runningNow = (): number => {
  const now = performance.now();
  if (lastTick === null) tick(now);
  return now - stalledMs - lateMs(lastTick ?? now, now);
};

/** `setTimeout` by that clock. */
export const afterRunning = (ms: number, end: () => void): (() => void) => {
  const until = runningNow() + ms;
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    timer = setTimeout(
      () => {
        if (runningNow() < until) wait();
        else end();
      },
      Math.max(1, until - runningNow()),
    );
  };
  wait();
  return () => clearTimeout(timer);
};

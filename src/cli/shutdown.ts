import type { Logger } from '../logger.js';

/** systemd and Docker send SIGKILL later than this (30 s in our units). */
export const GRACE_MS = 25_000;

/** Longer than the grace: whatever still hangs then does not keep the process. */
const LATEST_MS = GRACE_MS + 3_000;

type Options = {
  logger: Logger;
  /** Stops intake first, then finishes or hands back what is in work within `graceMs`. */
  stop: (graceMs: number) => Promise<void>;
};

/** An error that nobody caught leaves a state that nobody knows: say it and end, the supervisor starts us anew. */
export function exitOnStrayErrors(logger: Logger): void {
  const exit = (what: string) => (error: unknown) => {
    logger.fatal({ err: error }, what);
    process.exit(1);
  };
  process.on('uncaughtException', exit('uncaught exception'));
  process.on('unhandledRejection', exit('unhandled rejection'));
}

/** Waits for SIGTERM or SIGINT and stops in two stages: the second signal ends the process at once. */
export async function untilStopped({ logger, stop }: Options): Promise<number> {
  const signal = await firstSignal((again) => {
    logger.warn({ signal: again }, 'ended at once');
    process.exit(1);
  });
  logger.info({ signal }, 'stopping; once more ends at once');
  setTimeout(() => {
    logger.error('something did not stop in time');
    process.exit(1);
  }, LATEST_MS).unref();
  await stop(GRACE_MS);
  logger.info('stopped');
  // A connection that is just being made must not hold the process any more.
  setTimeout(() => process.exit(0), 1_000).unref();
  return 0;
}

/** One listener for all of them: between two, a second signal would end the process without a word. */
const firstSignal = (onAgain: (signal: NodeJS.Signals) => void): Promise<NodeJS.Signals> =>
  new Promise((resolve) => {
    let isFirst = true;
    const heard = (signal: NodeJS.Signals): void => {
      if (!isFirst) {
        onAgain(signal);
        return;
      }
      isFirst = false;
      resolve(signal);
    };
    process.on('SIGTERM', heard).on('SIGINT', heard);
  });

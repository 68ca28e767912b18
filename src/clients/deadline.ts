import { ClientError } from '../model/client-error.js';
import { afterRunning } from './running-time.js';

/**
 * Runs `work` for at most `ms`. At the end of that time, or when the caller's signal fires, it rejects even if
 * `work` does not listen; `work` gets a signal to clean up by. Only time in which this process ran is counted: a
 * worker that waits for a core must not say that the other side was silent.
 */
export const withDeadline = async <T>(
  ms: number,
  caller: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> => {
  const controller = new AbortController();
  const onCaller = () => controller.abort(cancellation(caller));
  if (caller.aborted) throw cancellation(caller);
  caller.addEventListener('abort', onCaller, { once: true });
  const stop = afterRunning(ms, () => {
    controller.abort(new ClientError('timeout', `no answer within ${String(Math.round(ms))} ms`));
  });
  const stopped = new Promise<never>((_resolve, reject) => {
    controller.signal.addEventListener('abort', () => reject(toError(controller.signal.reason)), {
      once: true,
    });
  });
  try {
    return await Promise.race([work(controller.signal), stopped]);
  } finally {
    stop();
    caller.removeEventListener('abort', onCaller);
  }
};

export const toError = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error(String(thrown));

const cancellation = (caller: AbortSignal): ClientError =>
  caller.reason instanceof ClientError
    ? caller.reason
    : new ClientError('cancelled', 'given up: the run ended first', { cause: caller.reason });

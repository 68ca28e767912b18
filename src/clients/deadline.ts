import { ClientError } from '../model/client-error.js';

/**
 * Runs `work` for at most `ms`. At the end of that time, or when the caller's signal fires, it rejects even if
 * `work` does not listen; `work` gets a signal to clean up by.
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
  const timer = setTimeout(() => {
    controller.abort(new ClientError('timeout', `no answer within ${String(Math.round(ms))} ms`));
  }, ms);
  const stopped = new Promise<never>((_resolve, reject) => {
    controller.signal.addEventListener('abort', () => reject(toError(controller.signal.reason)), {
      once: true,
    });
  });
  try {
    return await Promise.race([work(controller.signal), stopped]);
  } finally {
    clearTimeout(timer);
    caller.removeEventListener('abort', onCaller);
  }
};

export const toError = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error(String(thrown));

const cancellation = (caller: AbortSignal): ClientError =>
  caller.reason instanceof ClientError
    ? caller.reason
    : new ClientError('cancelled', 'given up: the run ended first', { cause: caller.reason });

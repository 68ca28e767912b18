import type { AnyQueue } from './backend.js';

export type Producer = {
  /** Rejects within `ANSWER_MS` when the queue does not answer. */
  use<T>(work: (queue: AnyQueue) => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

/** Leaves the rest of Slack's three seconds for saying so. */
export const ANSWER_MS = 1_500;
const CLOSE_MS = 1_000;

/**
 * BullMQ keeps the outcome of its first connection for ever: one that failed to become ready once would refuse all later
 * work too. So a queue whose start failed is thrown away and opened anew on its next use.
 */
export function openProducer(open: () => AnyQueue, onError: (error: Error) => void): Producer {
  let current: AnyQueue | null = null;

  const queue = (): AnyQueue => {
    if (current !== null) return current;
    const fresh = open();
    fresh.on('error', onError);
    fresh.waitUntilReady().catch((error: unknown) => {
      onError(error instanceof Error ? error : new Error(String(error)));
      if (current === fresh) current = null;
      void quietly(fresh.close());
    });
    return (current = fresh);
  };
  queue(); // connects before the first request

  return {
    use: (work) => within(ANSWER_MS, work(queue())),
    close: async () => {
      if (current !== null) await quietly(within(CLOSE_MS, current.close()));
    },
  };
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${ms} ms`));
    }, ms);
  });
  work.catch(() => undefined); // when it is late, nobody waits for its own error any more
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** For an end that nobody can do anything about. */
const quietly = (work: Promise<unknown>): Promise<void> =>
  work.then(
    () => undefined,
    () => undefined,
  );

import type { Processor } from 'bullmq';
import type { Queues } from '../src/queue/queues.js';
import type { Store } from '../src/store/store.js';

/** How long something waits at most after its queue was lost. */
export const SWEEP_EVERY_MS = 10_000;

/**
 * Puts every unfinished run and unposted message back on its queue. Where the job is still there this changes nothing,
 * so whatever happens to the queue loses nothing and only delays.
 */
export function sweepJob({ store, queues }: { store: Store; queues: Queues }): Processor<unknown, void> {
  return async (_job, _token, cancelled) => {
    for (const run of await store.runs.unfinished()) {
      cancelled?.throwIfAborted();
      await queues.enqueueDiagnose(run.id, { priority: run.origin.kind === 'alert' ? 'alert' : 'person' });
    }
    for (const message of await store.messages.unposted()) {
      cancelled?.throwIfAborted();
      await queues.enqueuePost(message);
    }
  };
}

import type { Processor } from 'bullmq';
import type { Queues } from '../src/queue/queues.js';
import type { Store } from '../src/store/store.js';
import { type AlertDues, sweepAlerts } from './sweep-alerts.js';

/** How long something waits at most after its queue was lost, or its worker. */
export const SWEEP_EVERY_MS = 5_000;

/**
 * Puts every unfinished run, remediation and unposted message back on its queue. Where the job is still there this changes nothing,
 * so whatever happens to the queue loses nothing and only delays.
 */
type Needs = {
  store: Store;
  queues: Queues;
  /** A worker that makes none leaves them alone. */
  makesChanges?: boolean;
  /** Left out, alerts are not looked after. */
  alerts?: AlertDues;
};

export function sweepJob({ store, queues, makesChanges = false, alerts }: Needs): Processor<unknown, void> {
  return async (_job, _token, cancelled) => {
    if (alerts !== undefined) await sweepAlerts({ store, queues }, alerts);
    for (const run of await store.runs.unfinished()) {
      cancelled?.throwIfAborted();
      await queues.enqueueDiagnose(run.id, { priority: run.origin.kind === 'alert' ? 'alert' : 'person' });
    }
    const { messages, jobs } = await store.remediations.sweep();
    for (const remediation of jobs) {
      cancelled?.throwIfAborted();
      // Only the bot signs: what has no digest of its own was ordered by nobody.
      const { id: remediationId, mac: digest, state } = remediation;
      if (makesChanges && digest !== null) await queues.enqueueRemediate({ remediationId, digest }, state);
    }
    for (const message of messages) await queues.enqueuePost(message);
    for (const message of await store.messages.unposted()) {
      cancelled?.throwIfAborted();
      await queues.enqueuePost(message);
    }
  };
}

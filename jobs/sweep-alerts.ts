import { enqueueAlertWork } from '../src/queue/alert-intake.js';
import type { Queues } from '../src/queue/queues.js';
import type { PolicyOf } from '../src/store/alert-standing.js';
import type { Store } from '../src/store/store.js';

export type AlertDues = { policyOf: PolicyOf; opsChannel: string | null };

/** What is due although no alert says so: another look, the end of a silence, the news of a storm. */
export async function sweepAlerts(
  { store, queues }: { store: Pick<Store, 'alerts'>; queues: Queues },
  { policyOf, opsChannel }: AlertDues,
): Promise<void> {
  const { runs, messages } = await store.alerts.due(policyOf);
  const storms = await store.alerts.sweepStorms(opsChannel);
  const unmatched = opsChannel === null ? [] : await store.alerts.tellUnmatched(opsChannel);
  await enqueueAlertWork(queues, { runs, messages: [...messages, ...storms, ...unmatched] });
}

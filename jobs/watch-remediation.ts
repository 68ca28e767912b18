import { setTimeout as sleep } from 'node:timers/promises';
import type { Remediation } from '../src/model/remediation.js';
import type { Service } from '../src/model/service.js';
import { post, type RemediateNeeds } from './remediate-needs.js';
import { isAnswering } from './users-now.js';

/** One bad answer is no relapse, and neither is one look that nobody could make. */
const LOOKS = 3;
const BETWEEN_MS = 2_000;

/** One look of the watch after a change that helped. It speaks only when the trouble is back, and then looks into it. */
export async function watchRemediation(
  needs: RemediateNeeds,
  remediation: Remediation,
  service: Service,
  signal: AbortSignal,
): Promise<void> {
  const { store, queues } = needs;
  for (let look = 0; look < LOOKS; look += 1) {
    if (look > 0) await sleep(BETWEEN_MS, undefined, { signal });
    if ((await isAnswering(needs, service)) !== false) return;
  }
  const relapsed = await store.remediations.relapse(remediation.id);
  if (relapsed === null) return;
  await post(needs, relapsed.messages);
  const incident = await store.incidents.get(remediation.incidentId);
  const accepted = await store.runs.accept({
    service: service.name,
    channel: incident?.channel ?? '',
    origin: { kind: 'verify', user: remediation.requestedBy },
    incidentId: remediation.incidentId,
  });
  if (accepted.kind === 'joined') return;
  await queues.enqueueDiagnose(accepted.run.id);
  await store.runs.confirm(accepted.run.id);
  await post(needs, [accepted.headline]);
}

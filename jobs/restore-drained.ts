import type { Remediation } from '../src/model/remediation.js';
import type { ApplyContext } from '../src/remediations/apply-context.js';
import { putBackAll } from '../src/remediations/put-back.js';
import { post, type RemediateNeeds } from './remediate-needs.js';

const AGAIN_MS = 60_000;

export const isRestoreDue = ({ restoreAt, finishedAt }: Remediation): boolean =>
  restoreAt !== null && finishedAt !== null && Date.parse(restoreAt) <= Date.now();

/** What was drained and kept by nobody goes back into its pool. Each word to the balancer is said once. */
export async function restoreDrained(
  { store, queues, logger }: RemediateNeeds,
  { id }: Remediation,
  context: ApplyContext,
): Promise<void> {
  const { words, left } = await putBackAll(context);
  logger.info({ remediation: id, left }, 'what it had drained goes back');
  if (left.length > 0) return store.remediations.restoreLater(id, AGAIN_MS);
  const said = words.length === 0 ? 'it is in its pool again already' : words.join('; ');
  await post({ queues }, (await store.remediations.restored(id, said))?.messages ?? []);
}

import { hasLongEvidence } from '../model/finding.js';
import type { Reading } from '../model/reading.js';
import type { RunDocument } from '../model/verdict.js';
import type { Query } from './database.js';
import { insertFindings } from './findings.js';
import { closeIncident } from './incidents.js';
import { addReply, type MessageRef, raiseHeadline, unpostedOf } from './messages.js';
import { type Offer, offerRemediations } from './offer-remediations.js';
import { insertReadings } from './readings.js';

export type FinishedRun = {
  document: RunDocument;
  readings: readonly Reading[];
  /** What may be done about it, the best first. */
  offers?: readonly Offer[];
};

/** The verdict, what it rests on and what the thread will show of it: all of it or nothing. */
export async function finishRun(
  query: Query,
  runId: string,
  { document, readings, offers = [] }: FinishedRun,
): Promise<MessageRef[]> {
  const [finished] = await query(
    `UPDATE diag503.run SET state = 'finished', document = $2, finished_at = clock_timestamp()
     WHERE id = $1 AND state IN ('queued', 'running') RETURNING incident_id AS "incidentId", origin->>'kind' AS kind`,
    [runId, JSON.stringify(document)],
  );
  if (finished === undefined) return unpostedOf(query, runId);
  await insertReadings(query, runId, readings);
  await insertFindings(query, runId, document.findings);
  const changed = await offerRemediations(query, runId, offers);
  await raiseHeadline(query, runId);
  const healthy = document.verdict.status === 'healthy';
  // The outcome of the change says it, and the figures with it.
  if (!healthy || finished['kind'] !== 'verify') await addReply(query, runId, 'verdict');
  if (hasLongEvidence(document.findings)) await addReply(query, runId, 'evidence');
  if (healthy) await closeIncident(query, String(finished['incidentId']));
  return [...(await unpostedOf(query, runId)), ...changed];
}

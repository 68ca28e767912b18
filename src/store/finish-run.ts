import { hasLongEvidence } from '../model/finding.js';
import { type Run, RunOrigin } from '../model/incident.js';
import type { Reading } from '../model/reading.js';
import type { RunDocument } from '../model/verdict.js';
import { LOCK_SERVICES } from './accept-run.js';
import type { Query } from './database.js';
import { insertFindings } from './findings.js';
import { closeIncident } from './incidents.js';
import { addReply, type MessageRef, raiseHeadline, unpostedOf } from './messages.js';
import { type Offer, offerRemediations } from './offer-remediations.js';
import { insertReadings } from './readings.js';
import { saysTheSameAgain } from './same-verdict.js';
import { parseStored } from './row.js';

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
  await lockServiceOf(query, runId);
  const [finished] = await query(
    `UPDATE diag503.run SET state = 'finished', document = $2, finished_at = clock_timestamp()
     WHERE id = $1 AND state IN ('queued', 'running') RETURNING incident_id AS "incidentId", origin`,
    [runId, JSON.stringify(document)],
  );
  if (finished === undefined) return unpostedOf(query, runId);
  const incidentId = String(finished['incidentId']);
  const origin = parseStored(RunOrigin, finished['origin']);
  await insertReadings(query, runId, readings);
  await insertFindings(query, runId, document.findings);
  const changed = await offerRemediations(query, runId, offers);
  await raiseHeadline(query, runId);
  await reply(query, { id: runId, incidentId, origin }, document);
  await settle(query, { incidentId, origin }, document);
  return [...(await unpostedOf(query, runId)), ...changed];
}

/** Alerts that arrive meanwhile wait: whether the incident is over is decided with them or without them. */
export async function lockServiceOf(query: Query, runId: string): Promise<void> {
  const rows = await query('SELECT service FROM diag503.run WHERE id = $1', [runId]);
  if (rows.length > 0) await query(LOCK_SERVICES, [rows.map(({ service }) => service)]);
}

async function reply(
  query: Query,
  { id, incidentId, origin }: Pick<Run, 'id' | 'incidentId' | 'origin'>,
  document: RunDocument,
): Promise<void> {
  if (await saysTheSameAgain(query, { id, incidentId, origin }, document)) return;
  const healthy = document.verdict.status === 'healthy';
  // The outcome of the change says it, and the figures with it; that an alert's end is the end its headline says.
  const isSaid = origin.kind === 'verify' || origin.alert?.reason === 'resolved';
  if (!healthy || !isSaid) await addReply(query, id, 'verdict');
  if (hasLongEvidence(document.findings)) await addReply(query, id, 'evidence');
}

/** A healthy service whose alerts still fire is not through: the next alert belongs to the same thread. */
async function settle(
  query: Query,
  { incidentId, origin }: Pick<Run, 'incidentId' | 'origin'>,
  { verdict }: RunDocument,
): Promise<void> {
  if (verdict.status === 'healthy') {
    await query('UPDATE diag503.incident SET closing_due = false WHERE id = $1 AND closing_due', [
      incidentId,
    ]);
    const firing = await query(
      `SELECT FROM diag503.alert WHERE incident_id = $1 AND state = 'firing' LIMIT 1`,
      [incidentId],
    );
    if (firing.length === 0) await closeIncident(query, incidentId);
  } else if (verdict.status === 'cause-found' && origin.alert?.reason === 'resolved') {
    // Its alerts are over and its trouble is not.
    await query(
      `UPDATE diag503.incident i SET closed_at = NULL WHERE id = $1 AND NOT EXISTS
         (SELECT FROM diag503.incident other WHERE other.service = i.service AND other.closed_at IS NULL)`,
      [incidentId],
    );
  }
}

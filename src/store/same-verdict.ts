import type { Run } from '../model/incident.js';
import { RunDocument } from '../model/verdict.js';
import type { Query } from './database.js';

/**
 * What still fires is looked at again and again. A verdict that says nothing new is no news for the thread: the card
 * that is there shows the newer run instead, with its evidence and buttons.
 */
export async function saysTheSameAgain(
  query: Query,
  { id, incidentId, origin }: Pick<Run, 'id' | 'incidentId' | 'origin'>,
  document: RunDocument,
): Promise<boolean> {
  if (origin.alert?.reason !== 'still-firing') return false;
  const [last] = await query(
    `SELECT m.id, r.document FROM diag503.message m JOIN diag503.run r ON r.id = m.run_id
     WHERE m.incident_id = $1 AND m.kind = 'verdict' AND m.error IS NULL ORDER BY r.requested_at DESC LIMIT 1`,
    [incidentId],
  );
  const before = RunDocument.safeParse(last?.['document']).data;
  if (before === undefined || traitsOf(before) !== traitsOf(document)) return false;
  await query('UPDATE diag503.message SET run_id = $2, revision = revision + 1, error = NULL WHERE id = $1', [
    last?.['id'],
    id,
  ]);
  return true;
}

/** By what a reader tells one verdict from another; figures differ with every look. */
const traitsOf = ({ verdict }: RunDocument): string => {
  const { status, cause, confidence, chain } = verdict;
  const root = chain[0] && [chain[0].check, chain[0].target.kind, chain[0].target.name];
  return JSON.stringify([status, cause, confidence, root]);
};

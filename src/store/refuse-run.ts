import type { Query } from './database.js';
import { lockServiceOf } from './finish-run.js';
import { closeIncident } from './incidents.js';

/**
 * Takes a request back that never reached its queue. The headline shows the run before it again; an incident that has
 * no other run is over before it began, and its headline is never posted.
 */
export async function refuseRun(query: Query, runId: string): Promise<boolean> {
  await lockServiceOf(query, runId);
  const [refused] = await query(
    `UPDATE diag503.run SET state = 'refused', finished_at = clock_timestamp()
     WHERE id = $1 AND state = 'queued' AND enqueued_at IS NULL RETURNING incident_id AS "incidentId"`,
    [runId],
  );
  if (refused === undefined) return isRefused(query, runId);
  const incidentId = String(refused['incidentId']);
  const restored = await query(
    `UPDATE diag503.message m SET run_id = newest.id, revision = revision + 1
     FROM (SELECT id FROM diag503.run WHERE incident_id = $1 AND state <> 'refused'
           ORDER BY requested_at DESC LIMIT 1) newest
     WHERE m.incident_id = $1 AND m.kind = 'headline' RETURNING m.id`,
    [incidentId],
  );
  if (restored.length === 0) await closeIncident(query, incidentId);
  return true;
}

/** Of several who joined one run, the first took it back for all of them. */
async function isRefused(query: Query, runId: string): Promise<boolean> {
  const rows = await query(`SELECT id FROM diag503.run WHERE id = $1 AND state = 'refused'`, [runId]);
  return rows.length > 0;
}

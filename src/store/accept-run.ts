import { Incident, type Message, Run, type RunOrigin } from '../model/incident.js';
import type { Query } from './database.js';
import { INCIDENT_COLUMNS, incidentForRun } from './incidents.js';
import { headlineFor, headlineOf } from './messages.js';
import { parseRow } from './row.js';
import { RUN_COLUMNS, runOrNull } from './run-row.js';
import type { Accepted, Ask } from './runs.js';

/**
 * One unfinished run a service and one open incident a service: requests of the same service wait for each other here.
 * The unique indexes would hold without the lock too, but then the losers would see an error and not the run to join.
 */
export async function acceptRun(query: Query, ask: Ask): Promise<Accepted> {
  await query(LOCK_SERVICES, [[ask.service]]);
  const unfinished = runOrNull(
    await query(
      `SELECT ${RUN_COLUMNS} FROM diag503.run WHERE service = $1 AND state IN ('queued', 'running')`,
      [ask.service],
    ),
  );
  return unfinished === null ? startRun(query, ask) : joinRun(query, unfinished);
}

async function startRun(query: Query, ask: Ask): Promise<Accepted> {
  const incident = await incidentForRun(query, ask);
  const [row] = await query(
    `INSERT INTO diag503.run (incident_id, service, origin) VALUES ($1, $2, $3) RETURNING ${RUN_COLUMNS}`,
    [incident.id, ask.service, JSON.stringify(ask.origin)],
  );
  const run = parseRow(Run, row);
  return { kind: 'started', run, incident, headline: await headlineFor(query, run) };
}

/** A run that an alert has brought about. It is accepted with its alert: nobody who joins it can take it back. */
export async function startAlertRun(
  query: Query,
  { service, incidentId, origin }: { service: string; incidentId: string; origin: RunOrigin },
): Promise<{ run: Run; headline: Message }> {
  const [row] = await query(
    `INSERT INTO diag503.run (incident_id, service, origin, enqueued_at)
     VALUES ($1, $2, $3, clock_timestamp()) RETURNING ${RUN_COLUMNS}`,
    [incidentId, service, JSON.stringify(origin)],
  );
  const run = parseRow(Run, row);
  return { run, headline: await headlineFor(query, run) };
}

export const LOCK_SERVICES = `SELECT pg_advisory_xact_lock(hashtextextended('diag503 ' || service, 0))
  FROM unnest($1::text[]) AS service`;

async function joinRun(query: Query, run: Run): Promise<Accepted> {
  const [row] = await query(`SELECT ${INCIDENT_COLUMNS} FROM diag503.incident WHERE id = $1`, [
    run.incidentId,
  ]);
  const headline = (await headlineOf(query, run.incidentId)) ?? (await headlineFor(query, run));
  return { kind: 'joined', run, incident: parseRow(Incident, row), headline };
}

import { Incident } from '../model/incident.js';
import type { Database, Query, Row } from './database.js';
import { parseRow } from './row.js';

/**
 * An open incident whose last run was asked for longer ago is treated as over: after four hours a new 503 is a new
 * episode, and its thread should not start with the evidence of the shift before.
 */
export const INCIDENT_IDLE_HOURS = 4;

/** Of `diag503.incident i`. What still fires is not over, however long ago somebody looked. */
export const IS_IDLE = `(greatest(i.opened_at, (SELECT max(requested_at) FROM diag503.run r WHERE r.incident_id = i.id))
  < clock_timestamp() - interval '${INCIDENT_IDLE_HOURS} h'
  AND NOT EXISTS (SELECT FROM diag503.alert a WHERE a.incident_id = i.id AND a.state = 'firing'))`;

export const INCIDENT_COLUMNS = 'id, service, channel, opened_at AS "openedAt", closed_at AS "closedAt"';

export type IncidentStore = {
  get(id: string): Promise<Incident | null>;
  openOf(service: string): Promise<Incident | null>;
};

export const createIncidentStore = ({ query }: Database): IncidentStore => ({
  get: async (id) =>
    first(await query(`SELECT ${INCIDENT_COLUMNS} FROM diag503.incident WHERE id = $1`, [id])),
  openOf: async (service) =>
    first(
      await query(
        `SELECT ${INCIDENT_COLUMNS} FROM diag503.incident WHERE service = $1 AND closed_at IS NULL`,
        [service],
      ),
    ),
});

const first = ([row]: Row[]): Incident | null => (row === undefined ? null : parseRow(Incident, row));

type Ask = { service: string; channel: string; incidentId?: string | undefined };

/**
 * The incident that a new run belongs to: the open one; else the one named by the button, reopened; else a new one.
 * The caller holds the service's lock.
 */
export async function incidentForRun(query: Query, { service, channel, incidentId }: Ask): Promise<Incident> {
  const [open] = await query(
    `SELECT ${INCIDENT_COLUMNS}, ${IS_IDLE} AS idle
     FROM diag503.incident i WHERE service = $1 AND closed_at IS NULL`,
    [service],
  );
  if (open !== undefined) {
    const { idle, ...row } = open;
    const incident = parseRow(Incident, row);
    if (idle !== true || incident.id === incidentId) return incident;
    await closeIncident(query, incident.id);
  }
  return (await reopen(query, service, incidentId)) ?? (await openIncident(query, service, channel));
}

export async function closeIncident(query: Query, id: string): Promise<void> {
  await query(
    'UPDATE diag503.incident SET closed_at = clock_timestamp() WHERE id = $1 AND closed_at IS NULL',
    [id],
  );
}

async function reopen(query: Query, service: string, id: string | undefined): Promise<Incident | null> {
  if (id === undefined) return null;
  return first(
    await query(
      `UPDATE diag503.incident SET closed_at = NULL WHERE id = $1 AND service = $2 RETURNING ${INCIDENT_COLUMNS}`,
      [id, service],
    ),
  );
}

export async function openIncident(query: Query, service: string, channel: string): Promise<Incident> {
  const [row] = await query(
    `INSERT INTO diag503.incident (service, channel) VALUES ($1, $2) RETURNING ${INCIDENT_COLUMNS}`,
    [service, channel],
  );
  return parseRow(Incident, row);
}

import type { AuditEntry } from '../model/audit.js';
import { Silence, SILENCE_HOURS, type SilenceLength } from '../model/episode.js';
import { LOCK_SERVICES } from './accept-run.js';
import { SILENCE_HOLDS } from './alert-standing.js';
import { appendAudit } from './audit.js';
import type { Database, Query } from './database.js';
import { type MessageRef, raiseHeadlineOf } from './messages.js';
import { parseRow, parseRows } from './row.js';

const COLUMNS = 'id, incident_id AS "incidentId", service, by_user AS by, since, until, severity';

export type SilenceStore = {
  /** Those that hold now, the newest first. */
  all(): Promise<Silence[]>;
  /** Null: there is no such incident. One that holds already is replaced. */
  begin(
    incidentId: string,
    by: string,
    length: SilenceLength,
  ): Promise<{ silence: Silence; messages: MessageRef[] } | null>;
  /** Null: none holds. */
  end(incidentId: string, by: string): Promise<{ messages: MessageRef[] } | null>;
};

export const createSilenceStore = ({ query, transaction }: Database): SilenceStore => ({
  all: async () =>
    parseRows(
      Silence,
      await query(`SELECT ${COLUMNS} FROM diag503.silence WHERE ${SILENCE_HOLDS} ORDER BY since DESC`),
    ),

  begin: (incidentId, by, length) =>
    transaction(async (inTransaction) => {
      const silence = await begin(inTransaction, incidentId, by, length);
      if (silence === null) return null;
      const messages = await raiseHeadlineOf(inTransaction, incidentId);
      const { service, until } = silence;
      const detail = { incidentId, until: until ?? 'its alerts resolve' };
      await appendAudit(inTransaction, {
        event: 'silenced',
        service,
        remediationId: null,
        actor: by,
        detail,
      });
      return { silence, messages };
    }),

  end: (incidentId, by) =>
    transaction(async (inTransaction) => {
      const [entry] = await endSilence(inTransaction, incidentId, 'by hand', by);
      if (entry === undefined) return null;
      const messages = await raiseHeadlineOf(inTransaction, incidentId);
      await appendAudit(inTransaction, entry);
      return { messages };
    }),
});

async function begin(
  query: Query,
  incidentId: string,
  by: string,
  length: SilenceLength,
): Promise<Silence | null> {
  const [incident] = await query('SELECT service FROM diag503.incident WHERE id = $1', [incidentId]);
  if (incident === undefined) return null;
  await query(LOCK_SERVICES, [[incident['service']]]);
  await query(
    'UPDATE diag503.silence SET ended_at = clock_timestamp() WHERE incident_id = $1 AND ended_at IS NULL',
    [incidentId],
  );
  const [row] = await query(
    `INSERT INTO diag503.silence (incident_id, service, by_user, until, severity)
     SELECT id, service, $2, clock_timestamp() + make_interval(hours => $3), severity
     FROM diag503.incident WHERE id = $1 RETURNING ${COLUMNS}`,
    [incidentId, by, SILENCE_HOURS[length]],
  );
  return parseRow(Silence, row);
}

/** What the audit says of it; empty where none holds. */
export async function endSilence(
  query: Query,
  incidentId: string,
  because: string,
  actor = 'alerts',
): Promise<AuditEntry[]> {
  const rows = await query(
    `UPDATE diag503.silence SET ended_at = clock_timestamp() WHERE incident_id = $1 AND ${SILENCE_HOLDS}
     RETURNING service, by_user AS by`,
    [incidentId],
  );
  return rows.map(({ service, by }) => ({
    event: 'silence-ended',
    service: String(service),
    remediationId: null,
    actor,
    detail: { incidentId, because, silencedBy: String(by) },
  }));
}

/** Those whose time is over no longer stand in a headline. */
export async function expireSilences(query: Query): Promise<MessageRef[]> {
  const rows = await query(
    `UPDATE diag503.silence SET ended_at = until WHERE ended_at IS NULL AND until <= clock_timestamp()
     RETURNING incident_id AS "incidentId"`,
  );
  const raised: MessageRef[] = [];
  for (const { incidentId } of rows) raised.push(...(await raiseHeadlineOf(query, String(incidentId))));
  return raised;
}

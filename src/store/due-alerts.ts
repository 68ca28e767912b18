import { z } from 'zod';
import { Alert, type ServiceAlert } from '../model/alert.js';
import { decideRun } from '../model/decide-run.js';
import type { Run } from '../model/incident.js';
import { LOCK_SERVICES } from './accept-run.js';
import { LONG_PAST } from './accept-alerts.js';
import { type PolicyOf, standingOf } from './alert-standing.js';
import type { Database, Query } from './database.js';
import { type MessageRef, raiseHeadlineOf } from './messages.js';
import { countIn } from './keep-alerts.js';
import { placeAlert } from './place-alert.js';
import { parseRows } from './row.js';
import { expireSilences } from './silences.js';
import { beginRun } from './take-alert.js';
import { pruneUnmatched } from './unmatched-alerts.js';

/** A source that has said nothing for so long has forgotten to say that it is over. */
const LAPSED_AFTER_HOURS = 24;
const FORGOTTEN_AFTER_DAYS = 30;
/** One sweep's worth. */
const AT_ONCE = 100;

export type DueAlerts = { runs: Run[]; messages: MessageRef[] };

/** What is due although no alert says so: sweeps after sweeps find the same, and do it once. */
export async function dueAlerts(database: Database, policyOf: PolicyOf): Promise<DueAlerts> {
  const { query, transaction } = database;
  const due: DueAlerts = { runs: [], messages: await forget(query) };
  due.messages.push(...(await transaction(expireSilences)));
  due.messages.push(...(await transaction(lapse)));
  for (const alert of await unheard(query)) {
    const each = await transaction((inTransaction) => lookAgain(inTransaction, alert, policyOf));
    due.runs.push(...each.runs);
    due.messages.push(...each.messages);
  }
  for (const { incidentId, ...alert } of await unconfirmed(query)) {
    const each = await transaction((inTransaction) => confirmEnd(inTransaction, incidentId, alert));
    due.runs.push(...each.runs);
    due.messages.push(...each.messages);
  }
  return due;
}

async function forget(query: Query): Promise<MessageRef[]> {
  await query(`DELETE FROM diag503.alert_delivery d WHERE ${LONG_PAST}`);
  await query(
    `DELETE FROM diag503.alert WHERE state <> 'firing'
     AND last_seen_at < clock_timestamp() - interval '${FORGOTTEN_AFTER_DAYS} days'`,
  );
  await pruneUnmatched(query);
  return [];
}

/** The incident is over with it, without a word: nobody knows since when. */
async function lapse(query: Query): Promise<MessageRef[]> {
  const rows = await query(
    `UPDATE diag503.alert SET state = 'lapsed' WHERE state = 'firing'
       AND last_seen_at < clock_timestamp() - interval '${LAPSED_AFTER_HOURS} hours'
     RETURNING incident_id AS "incidentId"`,
  );
  const raised: MessageRef[] = [];
  const ids = rows.flatMap(({ incidentId }) => (typeof incidentId === 'string' ? [incidentId] : []));
  for (const id of new Set(ids)) {
    await query(
      `UPDATE diag503.incident i SET closed_at = clock_timestamp() WHERE id = $1 AND closed_at IS NULL
         AND NOT EXISTS (SELECT FROM diag503.alert WHERE incident_id = i.id AND state = 'firing')`,
      [id],
    );
    raised.push(...(await raiseHeadlineOf(query, id)));
  }
  return raised;
}

const Unheard = Alert.extend({ service: z.string() });

/**
 * One alert of each incident that still fires: looked at once more after it was heard of last. And what is held,
 * because the maintenance may be over.
 */
async function unheard(query: Query): Promise<ServiceAlert[]> {
  const rows = await query(
    `SELECT DISTINCT ON (a.service) a.service, a.source, 'firing' AS status, a.fingerprint, a.title, a.severity,
       a.starts_at AS "startsAt", NULL AS "endsAt", a.labels, a.link
     FROM diag503.alert a LEFT JOIN diag503.incident i ON i.id = a.incident_id
     WHERE a.state = 'firing'
       AND (i.id IS NULL OR (i.closed_at IS NULL AND (i.unprompted_at IS NULL OR i.unprompted_at < a.last_seen_at)))
       AND NOT EXISTS (SELECT FROM diag503.run r WHERE r.service = a.service AND r.state IN ('queued', 'running'))
       AND NOT EXISTS (SELECT FROM diag503.run r WHERE r.incident_id = i.id
         AND r.requested_at > clock_timestamp() - interval '1 min')
     ORDER BY a.service, i.id IS NULL, a.last_seen_at DESC LIMIT ${AT_ONCE}`,
  );
  return parseRows(Unheard, rows);
}

async function lookAgain(query: Query, alert: ServiceAlert, policyOf: PolicyOf): Promise<DueAlerts> {
  await query(LOCK_SERVICES, [[alert.service]]);
  const policy = policyOf(alert.service);
  const standing = await standingOf(query, alert, policy);
  if (standing.known?.isFiring !== true) return { runs: [], messages: [] };
  const decision = decideRun(alert, standing);
  if (decision.run === null && decision.incident !== 'joined') return { runs: [], messages: [] };
  const incidentId = await placeAlert(query, alert, decision, standing, policy);
  if (incidentId === null) return { runs: [], messages: [] };
  const attached = await query(
    `UPDATE diag503.alert SET incident_id = $4 WHERE service = $1 AND source = $2 AND fingerprint = $3
       AND incident_id IS DISTINCT FROM $4 RETURNING service`,
    [alert.service, alert.source, alert.fingerprint, incidentId],
  );
  if (attached.length > 0) await countIn(query, [{ ...alert, incidentId }]);
  if (decision.run === null) return { runs: [], messages: [] };
  await query('UPDATE diag503.incident SET unprompted_at = clock_timestamp() WHERE id = $1', [incidentId]);
  const { run, messages } = await beginRun(query, alert, incidentId, decision.run);
  return { runs: [run], messages };
}

const Unconfirmed = z.object({
  incidentId: z.uuid(),
  service: z.string(),
  title: z.string(),
  source: Alert.shape.source,
});

/** A look was under way when the last alert resolved: it may have seen the service as it was before. */
async function unconfirmed(query: Query): Promise<z.infer<typeof Unconfirmed>[]> {
  const rows = await query(
    `SELECT DISTINCT ON (i.id) i.id AS "incidentId", i.service, a.title, a.source
     FROM diag503.incident i JOIN diag503.alert a ON a.incident_id = i.id
     WHERE i.closing_due
       AND NOT EXISTS (SELECT FROM diag503.run r WHERE r.service = i.service AND r.state IN ('queued', 'running'))
     ORDER BY i.id, a.last_seen_at DESC LIMIT ${AT_ONCE}`,
  );
  return parseRows(Unconfirmed, rows);
}

async function confirmEnd(
  query: Query,
  incidentId: string,
  alert: Pick<ServiceAlert, 'service' | 'title' | 'source'>,
): Promise<DueAlerts> {
  await query(LOCK_SERVICES, [[alert.service]]);
  const due = await query(
    `UPDATE diag503.incident i SET closing_due = false WHERE id = $1 AND closing_due
       AND NOT EXISTS (SELECT FROM diag503.run r WHERE r.service = i.service AND r.state IN ('queued', 'running'))
     RETURNING id`,
    [incidentId],
  );
  if (due.length === 0) return { runs: [], messages: [] };
  const { run, messages } = await beginRun(query, alert, incidentId, 'resolved');
  return { runs: [run], messages };
}

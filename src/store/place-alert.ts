import type { ServiceAlert } from '../model/alert.js';
import type { Decision, Standing } from '../model/decide-run.js';
import type { AlertPolicy } from './alert-standing.js';
import type { Query } from './database.js';
import { openIncident } from './incidents.js';
import { storable } from './row.js';

/** The incident that the decision names, opened or opened again. The caller holds the service's lock. */
export async function placeAlert(
  query: Query,
  { service }: ServiceAlert,
  { incident: where }: Decision,
  standing: Standing,
  { channel }: AlertPolicy,
): Promise<string | null> {
  const id = standing.incident?.id ?? null;
  switch (where) {
    case 'none':
    case 'held':
      return null;
    case 'joined':
      return id;
    case 'reopened':
      await closeOpen(query, service);
      await query(
        `UPDATE diag503.incident SET closed_at = NULL, resolved_at = NULL, closing_due = false, alerts_since = NULL,
           flaps = flaps + CASE WHEN severity IS NULL THEN 0 ELSE 1 END, severity = NULL
         WHERE id = $1`,
        [id],
      );
      return id;
    case 'opened': {
      await closeOpen(query, service); // one that nobody has asked about for hours
      return (await openIncident(query, service, channel ?? '')).id;
    }
  }
}

async function closeOpen(query: Query, service: string): Promise<void> {
  await query(
    'UPDATE diag503.incident SET closed_at = clock_timestamp() WHERE service = $1 AND closed_at IS NULL',
    [service],
  );
}

/** A source may say any time: one that lies in the future or more than a day back is taken for the edge of that. */
const BEGAN = "greatest(least($2::timestamptz, clock_timestamp()), clock_timestamp() - interval '24 hours')";

/** One more notice that something fires. */
export async function countIn(
  query: Query,
  incidentId: string,
  { severity, startsAt }: ServiceAlert,
): Promise<void> {
  await query(
    `UPDATE diag503.incident SET alert_count = alert_count + 1,
       alerts_since = coalesce(least(alerts_since, ${BEGAN}), ${BEGAN}),
       alerted_at = CASE WHEN severity IS NULL OR alerted_at IS NULL THEN clock_timestamp() ELSE alerted_at END,
       severity = CASE WHEN array_position($4::text[], $3) > coalesce(array_position($4::text[], severity), 0)
         THEN $3 ELSE severity END
     WHERE id = $1`,
    [incidentId, startsAt, severity, ['info', 'warning', 'critical']],
  );
}

/** What the source calls this trouble, as it was heard last. */
export async function keepAlert(
  query: Query,
  alert: ServiceAlert,
  { counts, resolves }: Decision,
  incidentId: string | null,
): Promise<void> {
  const isFiring = alert.status === 'firing';
  await query(
    `INSERT INTO diag503.alert AS a (service, source, fingerprint, incident_id, state, title, severity, starts_at,
       resolved_up_to, labels, link, count)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, CASE WHEN $9 THEN NULL ELSE $8::timestamptz END, $10, $11, $12)
     ON CONFLICT (service, source, fingerprint) DO UPDATE SET last_seen_at = clock_timestamp(),
       incident_id = CASE WHEN $9 THEN $4::uuid ELSE a.incident_id END,
       state = CASE WHEN $9 THEN 'firing' WHEN $13 THEN 'resolved' ELSE a.state END,
       title = $6, severity = CASE WHEN $9 THEN $7 ELSE a.severity END, labels = $10, link = $11, count = a.count + $12,
       starts_at = CASE WHEN $9 THEN $8::timestamptz ELSE a.starts_at END,
       resolved_up_to = CASE WHEN $9 THEN a.resolved_up_to
         WHEN $13 THEN greatest(a.resolved_up_to, a.starts_at, $8::timestamptz)
         ELSE greatest(a.resolved_up_to, $8::timestamptz) END`,
    [
      alert.service,
      alert.source,
      storable(alert.fingerprint),
      incidentId,
      isFiring ? 'firing' : 'resolved',
      storable(alert.title),
      alert.severity,
      alert.startsAt,
      isFiring,
      JSON.stringify(alert.labels),
      alert.link === null ? null : storable(alert.link),
      counts ? 1 : 0,
      resolves,
    ],
  );
}

import type { AcceptedDelivery, AlertDelivery } from '../model/alert.js';
import type { AuditEntry } from '../model/audit.js';
import type { Run } from '../model/incident.js';
import { LOCK_SERVICES } from './accept-run.js';
import type { PolicyOf } from './alert-standing.js';
import { appendAudit } from './audit.js';
import type { Query } from './database.js';
import type { MessageRef } from './messages.js';
import { storable } from './row.js';
import { takeAlert } from './take-alert.js';
import { countUnmatched } from './unmatched-alerts.js';

/** What was accepted, and the work that it makes. */
export type AcceptedAlerts = { accepted: AcceptedDelivery; runs: Run[]; messages: MessageRef[] };

/**
 * How long a delivery is known. Replicas and retries come within minutes. A source that signs no time sends the same
 * bytes for a new trouble too, so it must not be long; and whatever comes later than that is old news by its own
 * `startsAt`.
 */
export const DELIVERY_KNOWN_MINUTES = 60;

/** One delivery, all of it or nothing. The same one again changes nothing. */
export async function acceptAlerts(
  query: Query,
  { source, key, matched, unmatched }: AlertDelivery,
  policyOf: PolicyOf,
): Promise<AcceptedAlerts> {
  const result: AcceptedAlerts = { accepted: { repeated: false, alerts: [] }, runs: [], messages: [] };
  const first = await query(
    `INSERT INTO diag503.alert_delivery AS d (key) VALUES ($1) ON CONFLICT (key) DO UPDATE
     SET received_at = clock_timestamp()
     WHERE d.received_at < clock_timestamp() - interval '${DELIVERY_KNOWN_MINUTES} min' RETURNING key`,
    [storable(`${source} ${key}`).slice(0, 500)],
  );
  if (first.length === 0) return { ...result, accepted: { repeated: true, alerts: [] } };
  // In one order for all: two deliveries about the same services must not wait for each other in a circle.
  const services = [...new Set(matched.map(({ service }) => service))].toSorted();
  if (services.length > 0) await query(LOCK_SERVICES, [services]);
  const audit: AuditEntry[] = [];
  for (const alert of matched) {
    const taken = await takeAlert(query, alert, policyOf(alert.service));
    const { decision, incidentId, run } = taken;
    if (run !== null) result.runs.push(run);
    result.messages.push(...taken.messages);
    audit.push(...taken.audit);
    result.accepted.alerts.push({
      fingerprint: alert.fingerprint,
      service: alert.service,
      incidentId: incidentId ?? '',
      newRun: run !== null,
      because: decision.because,
    });
  }
  await countUnmatched(query, unmatched);
  for (const entry of audit) await appendAudit(query, entry);
  return result;
}

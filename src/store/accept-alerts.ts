import type { AcceptedDelivery, AlertDelivery, AlertSource, ServiceAlert } from '../model/alert.js';
import type { AuditEntry } from '../model/audit.js';
import type { Run } from '../model/incident.js';
import { LOCK_SERVICES } from './accept-run.js';
import type { PolicyOf } from './alert-standing.js';
import { appendAudit } from './audit.js';
import type { Query } from './database.js';
import { type MessageRef, raiseHeadlinesOf } from './messages.js';
import { storable } from './row.js';
import type { Taken } from './take-alert.js';
import { alertTaker } from './take-alerts.js';
import { countUnmatched } from './unmatched-alerts.js';

/** What was accepted, and the work that it makes. */
export type AcceptedAlerts = { accepted: AcceptedDelivery; runs: Run[]; messages: MessageRef[] };

/**
 * How long a delivery is known. Replicas and retries come within minutes. A source that signs no time sends the same
 * bytes for a new trouble too, so it must not be long; and whatever comes later than that is old news by its own
 * `startsAt`. PagerDuty and SNS give each delivery an id of its own, and try again for long: those are kept.
 */
const KNOWN_MINUTES = 60;
const KNOWN_BY_ID_HOURS = 48;
const HAS_OWN_IDS: readonly AlertSource[] = ['pagerduty', 'sns'];

/** SQL: whether the delivery of row `d` came too long ago to be known. */
export const LONG_PAST = `d.received_at < clock_timestamp() - CASE
  WHEN split_part(d.key, ' ', 1) IN (${HAS_OWN_IDS.map((source) => `'${source}'`).join(', ')})
  THEN interval '${KNOWN_BY_ID_HOURS} hours' ELSE interval '${KNOWN_MINUTES} min' END`;

/**
 * Deliveries, all of them or none. The same one again changes nothing. Those that wait anyway come together: in a storm
 * a transaction for each would be most of the work.
 */
export async function acceptAlerts(
  query: Query,
  deliveries: readonly AlertDelivery[],
  policyOf: PolicyOf,
): Promise<AcceptedAlerts[]> {
  const fresh = await firstSeen(query, deliveries);
  // In one order for all: two that are about the same services must not wait for each other in a circle.
  const services = new Set(deliveries.flatMap(({ matched }) => matched.map(({ service }) => service)));
  if (services.size > 0) await query(LOCK_SERVICES, [[...services].toSorted()]);
  const later: Later = { recounts: new Set(), audit: [] };
  const isFirst = deliveries.map((delivery) => fresh.delete(keyOf(delivery)));
  const taker = alertTaker(
    query,
    deliveries.flatMap(({ matched }, index) => (isFirst[index] === true ? matched : [])),
    policyOf,
  );
  const results: AcceptedAlerts[] = [];
  for (const [index, { matched }] of deliveries.entries())
    results.push(isFirst[index] === true ? await takeAll(matched, taker.take, later) : nothing(true));
  await taker.write();
  await countUnmatched(
    query,
    deliveries.flatMap(({ unmatched }, index) => (isFirst[index] === true ? unmatched : [])),
  );
  results.at(-1)?.messages.push(...(await raiseHeadlinesOf(query, [...later.recounts])));
  for (const entry of later.audit) await appendAudit(query, entry);
  return results;
}

/** What is done once, at the end of the transaction. */
type Later = { recounts: Set<string>; audit: AuditEntry[] };

const nothing = (repeated: boolean): AcceptedAlerts => ({
  accepted: { repeated, alerts: [] },
  runs: [],
  messages: [],
});

const keyOf = ({ source, key }: AlertDelivery): string => storable(`${source} ${key}`).slice(0, 500);

async function firstSeen(query: Query, deliveries: readonly AlertDelivery[]): Promise<Set<string>> {
  const keys = [...new Set(deliveries.map(keyOf))].toSorted();
  const rows = await query(
    `INSERT INTO diag503.alert_delivery AS d (key) SELECT unnest($1::text[]) ON CONFLICT (key) DO UPDATE
     SET received_at = clock_timestamp()
     WHERE ${LONG_PAST} RETURNING key`,
    [keys],
  );
  return new Set(rows.map(({ key }) => String(key)));
}

async function takeAll(
  alerts: readonly ServiceAlert[],
  take: (alert: ServiceAlert) => Promise<Taken>,
  later: Later,
): Promise<AcceptedAlerts> {
  const result = nothing(false);
  for (const alert of alerts) {
    const { decision, incidentId, run, messages, audit, recounts } = await take(alert);
    if (run !== null) result.runs.push(run);
    result.messages.push(...messages);
    later.audit.push(...audit);
    if (recounts && incidentId !== null) later.recounts.add(incidentId);
    result.accepted.alerts.push({
      fingerprint: alert.fingerprint,
      service: alert.service,
      incidentId: incidentId ?? '',
      newRun: run !== null,
      because: decision.because,
    });
  }
  return result;
}

import type { ServiceAlert } from '../model/alert.js';
import type { Decision } from '../model/decide-run.js';
import type { Query } from './database.js';
import { storable } from './row.js';

/** A source may say any time: one that lies in the future or more than a day back is taken for the edge of that. */
const BEGAN = "greatest(least(starts_at, clock_timestamp()), clock_timestamp() - interval '24 hours')";
const GRAVITY = "ARRAY['info', 'warning', 'critical']";

/** One more notice that something fires. */
export type Notice = Pick<ServiceAlert, 'severity' | 'startsAt'> & { incidentId: string };

export async function countIn(query: Query, notices: readonly Notice[]): Promise<void> {
  if (notices.length === 0) return;
  await query(
    `UPDATE diag503.incident i SET alert_count = i.alert_count + heard.count,
       alerts_since = least(i.alerts_since, heard.began),
       alerted_at = CASE WHEN i.severity IS NULL OR i.alerted_at IS NULL THEN clock_timestamp() ELSE i.alerted_at END,
       severity = (${GRAVITY})[greatest(heard.gravest, array_position(${GRAVITY}, i.severity))]
     FROM (
       SELECT id, count(*)::int AS count, min(${BEGAN}) AS began, max(array_position(${GRAVITY}, severity)) AS gravest
       FROM unnest($1::uuid[], $2::timestamptz[], $3::text[]) AS notice (id, starts_at, severity) GROUP BY id) heard
     WHERE i.id = heard.id`,
    [
      notices.map(({ incidentId }) => incidentId),
      notices.map(({ startsAt }) => startsAt),
      notices.map(({ severity }) => severity),
    ],
  );
}

/** What the source calls this trouble, as it was heard last. `incidentId`: where it fires now. */
export type Heard = {
  alert: ServiceAlert;
  decision: Decision;
  incidentId: string | null;
};

/** Each of them about another trouble. A storm brings them by the hundred, so one statement takes all of a kind. */
export async function keepAlerts(query: Query, heard: readonly Heard[]): Promise<void> {
  const [firing, over] = [heard.filter(isFiring), heard.filter((each) => !isFiring(each))];
  await keepFiring(query, firing);
  await keepResolved(
    query,
    over.filter(({ decision }) => decision.resolves).map(({ alert }) => alert),
  );
  await keepLate(
    query,
    over.filter(({ decision }) => !decision.resolves).map(({ alert }) => alert),
  );
}

const isFiring = ({ alert }: Heard): boolean => alert.status === 'firing';

async function keepFiring(query: Query, heard: readonly Heard[]): Promise<void> {
  if (heard.length === 0) return;
  const alerts = heard.map(({ alert }) => alert);
  await query(
    `INSERT INTO diag503.alert AS a (service, source, fingerprint, title, labels, link, starts_at, severity,
       incident_id, count, state)
     SELECT *, 1, 'firing' FROM unnest(${NAMED}, $8::text[], $9::uuid[])
     ON CONFLICT (service, source, fingerprint) DO UPDATE SET last_seen_at = clock_timestamp(), state = 'firing',
       incident_id = excluded.incident_id, title = excluded.title, severity = excluded.severity,
       labels = excluded.labels, link = excluded.link, count = a.count + 1,
       starts_at = excluded.starts_at`,
    [...columnsOf(alerts), alerts.map(({ severity }) => severity), heard.map(({ incidentId }) => incidentId)],
  );
}

/** SQL. Whose clock is years ahead, once, must not have all of its later alerts taken for old ones. */
const notAhead = (time: string): string => `least(${time}, clock_timestamp())`;

/** They were firing, so there is a row of each. */
async function keepResolved(query: Query, alerts: readonly ServiceAlert[]): Promise<void> {
  if (alerts.length === 0) return;
  await query(
    `UPDATE diag503.alert a SET last_seen_at = clock_timestamp(), state = 'resolved', title = heard.title,
       labels = heard.labels, link = heard.link,
       resolved_up_to = ${notAhead('greatest(a.resolved_up_to, a.starts_at, heard.starts_at)')}
     FROM unnest(${NAMED}) AS heard (service, source, fingerprint, title, labels, link, starts_at)
     WHERE (a.service, a.source, a.fingerprint) = (heard.service, heard.source, heard.fingerprint)`,
    columnsOf(alerts),
  );
}

/** About an earlier time than what is known, or the first word of something that is over. */
async function keepLate(query: Query, alerts: readonly ServiceAlert[]): Promise<void> {
  if (alerts.length === 0) return;
  await query(
    `INSERT INTO diag503.alert AS a (service, source, fingerprint, title, labels, link, starts_at, severity,
       resolved_up_to, state)
     SELECT *, ${notAhead('starts_at')}, 'resolved'
     FROM unnest(${NAMED}, $8::text[]) AS heard (service, source, fingerprint, title, labels, link, starts_at, severity)
     ON CONFLICT (service, source, fingerprint) DO UPDATE SET last_seen_at = clock_timestamp(),
       title = excluded.title, labels = excluded.labels, link = excluded.link,
       resolved_up_to = ${notAhead('greatest(a.resolved_up_to, excluded.starts_at)')}`,
    [...columnsOf(alerts), alerts.map(({ severity }) => severity)],
  );
}

const NAMED = '$1::text[], $2::text[], $3::text[], $4::text[], $5::json[], $6::text[], $7::timestamptz[]';

const columnsOf = (alerts: readonly ServiceAlert[]): unknown[][] => [
  alerts.map(({ service }) => service),
  alerts.map(({ source }) => source),
  alerts.map(({ fingerprint }) => storable(fingerprint)),
  alerts.map(({ title }) => storable(title)),
  alerts.map(({ labels }) => JSON.stringify(labels)),
  alerts.map(({ link }) => (link === null ? null : storable(link))),
  alerts.map(({ startsAt }) => startsAt),
];

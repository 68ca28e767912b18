import type { Alert } from '../model/alert.js';
import { UnmatchedAlert } from '../model/episode.js';
import type { Query } from './database.js';
import { type MessageRef } from './messages.js';
import { parseRows, storable } from './row.js';

/** What matched nothing is for whoever repairs the inventory, and not for ever. */
const KEEP = 500;

const COLUMNS =
  'source, fingerprint, title, labels, count, first_seen_at AS "firstSeenAt", last_seen_at AS "lastSeenAt"';

export async function countUnmatched(query: Query, alerts: readonly Alert[]): Promise<void> {
  const heard = new Map<string, { alert: Alert; count: number }>();
  for (const alert of alerts) {
    if (alert.status === 'resolved') continue;
    const name = `${alert.source} ${storable(alert.fingerprint)}`;
    heard.set(name, { alert, count: (heard.get(name)?.count ?? 0) + 1 });
  }
  if (heard.size === 0) return;
  // In one order for all, so that two deliveries with the same alerts do not wait for each other in a circle.
  const ordered = [...heard].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
  await query(
    `INSERT INTO diag503.unmatched_alert AS u (source, fingerprint, title, labels, count)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::json[], $5::int[])
     ON CONFLICT (source, fingerprint) DO UPDATE SET count = u.count + excluded.count, title = excluded.title,
       labels = excluded.labels, last_seen_at = clock_timestamp()`,
    [
      ordered.map(({ alert }) => alert.source),
      ordered.map(({ alert }) => storable(alert.fingerprint)),
      ordered.map(({ alert }) => storable(alert.title)),
      ordered.map(({ alert }) => JSON.stringify(alert.labels)),
      ordered.map(({ count }) => count),
    ],
  );
}

/** The newest first. `sinceHours`: only what came within that time. */
export async function listUnmatched(query: Query, sinceHours?: number): Promise<UnmatchedAlert[]> {
  const rows = await query(
    `SELECT ${COLUMNS} FROM diag503.unmatched_alert
     WHERE $1::int IS NULL OR last_seen_at > clock_timestamp() - make_interval(hours => $1)
     ORDER BY last_seen_at DESC LIMIT ${KEEP}`,
    [sinceHours ?? null],
  );
  return parseRows(UnmatchedAlert, rows);
}

export async function pruneUnmatched(query: Query): Promise<void> {
  await query(
    `DELETE FROM diag503.unmatched_alert WHERE last_seen_at <
       (SELECT last_seen_at FROM diag503.unmatched_alert ORDER BY last_seen_at DESC OFFSET ${KEEP - 1} LIMIT 1)`,
  );
}

/** Once a day, where there is somebody to be told and something to tell. */
export async function tellUnmatched(query: Query, channel: string): Promise<MessageRef[]> {
  const rows = await query(
    `INSERT INTO diag503.message (kind, channel, day)
     SELECT 'unmatched', $1, (clock_timestamp() AT TIME ZONE 'UTC')::date
     WHERE EXISTS (SELECT FROM diag503.unmatched_alert WHERE last_seen_at > clock_timestamp() - interval '24 hours')
     ON CONFLICT (day) WHERE kind = 'unmatched' DO NOTHING RETURNING id, revision`,
    [channel],
  );
  return rows.map(({ id, revision }) => ({ id: String(id), revision: Number(revision) }));
}

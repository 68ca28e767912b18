import type { ServiceAlert } from '../model/alert.js';
import type { Decision, Standing } from '../model/decide-run.js';
import type { AlertPolicy } from './alert-standing.js';
import type { Query } from './database.js';
import { openIncident } from './incidents.js';

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

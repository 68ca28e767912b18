import type { ServiceAlert } from '../model/alert.js';
import type { Decision } from '../model/decide-run.js';
import { QUIET_FROM_FLAP } from '../model/episode.js';
import type { Query } from './database.js';
import { type MessageRef, raiseVerdict } from './messages.js';

/** Its last alert has resolved: it is over, nothing is to be pressed any more, and a look that waits confirms it. */
export async function resolveIncident(
  query: Query,
  incidentId: string,
  { endsAt }: Pick<ServiceAlert, 'endsAt'>,
  { run }: Pick<Decision, 'run'>,
): Promise<MessageRef[]> {
  await query(
    `UPDATE diag503.incident SET closed_at = clock_timestamp(), alerted_at = NULL,
       resolved_at = clock_timestamp(),
       alerts_until = least(clock_timestamp(), greatest(coalesce($2::timestamptz, clock_timestamp()), alerts_since)),
       closing_due = $3 AND flaps < ${QUIET_FROM_FLAP}
     WHERE id = $1`,
    [incidentId, endsAt, run === null],
  );
  await query(
    'UPDATE diag503.silence SET ended_at = clock_timestamp() WHERE incident_id = $1 AND ended_at IS NULL AND until IS NULL',
    [incidentId],
  );
  return withdrawOffers(query, incidentId);
}

async function withdrawOffers(query: Query, incidentId: string): Promise<MessageRef[]> {
  const gone = await query(
    `UPDATE diag503.remediation SET state = 'expired', finished_at = clock_timestamp()
     WHERE incident_id = $1 AND state = 'offered' RETURNING run_id AS "runId"`,
    [incidentId],
  );
  const raised: MessageRef[] = [];
  for (const runId of new Set(gone.map((row) => String(row['runId']))))
    raised.push(...(await raiseVerdict(query, runId)));
  return raised;
}

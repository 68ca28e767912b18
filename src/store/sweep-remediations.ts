import type { Remediation } from '../model/remediation.js';
import { APPROVE_WITHIN_MINUTES } from './answer-remediation.js';
import type { Query, Row } from './database.js';
import { type MessageRef, raiseRemediation, raiseVerdict } from './messages.js';
import {
  IN_FLIGHT,
  LOST,
  move,
  REMEDIATION_COLUMNS,
  remediationOrNull,
  START_WITHIN_SECONDS,
} from './remediation-row.js';

/** Longer than a request takes until it is taken back, so that the sweeper does not start what is refused. */
const QUEUED_AFTER_SECONDS = 5;

export type Swept = { messages: MessageRef[]; jobs: Remediation[] };

export async function sweepRemediations(query: Query): Promise<Swept> {
  const messages = [...(await expireOffers(query)), ...(await expireRequests(query))];
  messages.push(...(await loseWorkers(query)));
  return { messages, jobs: await needingJobs(query) };
}

/** Nobody pressed: the buttons go. */
async function expireOffers(query: Query): Promise<MessageRef[]> {
  const rows = await query(
    `UPDATE diag503.remediation SET state = 'expired', finished_at = clock_timestamp()
     WHERE state = 'offered' AND expires_at <= clock_timestamp() RETURNING run_id AS "runId"`,
  );
  const raised: MessageRef[] = [];
  for (const runId of new Set(rows.map((row) => String(row['runId']))))
    raised.push(...(await raiseVerdict(query, runId)));
  return raised;
}

async function expireRequests(query: Query): Promise<MessageRef[]> {
  const late = await query(
    `SELECT id, approvals_needed > 0 AND state = 'requested' AS waiting FROM diag503.remediation
     WHERE (state IN ('requested', 'approved') AND ready_at < clock_timestamp() - interval '${START_WITHIN_SECONDS} s')
        OR (state = 'requested' AND ready_at IS NULL
            AND requested_at < clock_timestamp() - interval '${APPROVE_WITHIN_MINUTES} min')`,
  );
  return endEach(query, late, ({ waiting }) =>
    waiting === true
      ? `nobody approved it within ${APPROVE_WITHIN_MINUTES} min`
      : `no worker began it within ${START_WITHIN_SECONDS} s`,
  );
}

async function endEach(query: Query, rows: Row[], because: (row: Row) => string): Promise<MessageRef[]> {
  const messages: MessageRef[] = [];
  for (const row of rows) {
    const reason = because(row);
    const ended = await move(query, {
      ...{ id: String(row['id']), to: 'expired', set: 'finished_at = clock_timestamp(), progress = $4' },
      ...{ values: [reason], event: 'expired', actor: 'sweeper', detail: () => ({ because: reason }) },
    });
    if (ended !== null) messages.push(...(await raiseRemediation(query, ended.id)));
  }
  return messages;
}

/** Its effect was not recorded and nobody says that it is still at it. */
async function loseWorkers(query: Query): Promise<MessageRef[]> {
  const lost = await query(
    `SELECT id FROM diag503.remediation
     WHERE state = 'running' AND outcome IS NULL AND leased_until < clock_timestamp()`,
  );
  const messages: MessageRef[] = [];
  for (const row of lost) {
    const moved = await move(query, {
      ...{ id: String(row['id']), to: 'unknown', set: LOST, where: 'outcome IS NULL' },
      ...{ event: 'unknown', actor: 'sweeper', detail: () => ({ because: 'its worker went away' }) },
    });
    if (moved !== null) messages.push(...(await raiseRemediation(query, moved.id)));
  }
  return messages;
}

/** To begin, to look into, to verify, or to watch: also what the queue lost. */
async function needingJobs(query: Query): Promise<Remediation[]> {
  const rows = await query(
    `SELECT ${REMEDIATION_COLUMNS} FROM diag503.remediation
     WHERE (state IN ('requested', 'approved') AND ready_at < clock_timestamp() - interval '${QUEUED_AFTER_SECONDS} s')
        OR (state IN ('running', 'unknown') AND finished_at IS NULL AND leased_until < clock_timestamp())
        OR (state = 'verified' AND watch_until > clock_timestamp())
        OR (restore_at <= clock_timestamp() AND finished_at IS NOT NULL AND NOT EXISTS (
             SELECT FROM diag503.remediation other WHERE other.service = remediation.service
               AND other.id <> remediation.id AND ${IN_FLIGHT.replaceAll(/\b(state|finished_at)\b/g, 'other.$1')}))
     ORDER BY requested_at`,
  );
  return rows.flatMap((row) => readable(row) ?? []);
}

/** One row that nobody can read any more must not keep the others from their jobs. */
function readable(row: Row): Remediation | null {
  try {
    return remediationOrNull([row]);
  } catch {
    return null;
  }
}

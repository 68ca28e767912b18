import { Remediation, type RemediationState, statesBefore } from '../model/remediation.js';
import type { AuditEntry } from '../model/audit.js';
import { appendAudit } from './audit.js';
import type { Query, Row } from './database.js';
import { parseRow } from './row.js';

export const REMEDIATION_COLUMNS = [
  'id, incident_id AS "incidentId", run_id AS "runId", service, kind, position, state, plan',
  'plan_digest AS "planDigest", approvals_needed AS "approvalsNeeded", break_glass AS "breakGlass"',
  'offered_at AS "offeredAt"',
  'expires_at AS "expiresAt", requested_by AS "requestedBy", requested_at AS "requestedAt", reason',
  'started_at AS "startedAt", not_after AS "notAfter", progress, outcome, verify_run_id AS "verifyRunId"',
  'finished_at AS "finishedAt", watch_until AS "watchUntil", lost_at AS "lostAt", mac',
  'restore_at AS "restoreAt"',
].join(', ');

export const remediationOrNull = ([row]: Row[]): Remediation | null =>
  row === undefined ? null : parseRow(Remediation, row);

export const IN_FLIGHT = `(state IN ('requested', 'approved', 'running') OR (state = 'unknown' AND finished_at IS NULL))`;

/**
 * Nobody expects a change minutes after they pressed: what no worker took by then is over. A worker that stands still
 * before it begins keeps its job from the others; with the sweep and the post the thread still knows within a minute.
 */
export const START_WITHIN_SECONDS = 45;

/** From then on it is looked into, by whoever comes first. */
export const LOST = 'progress = NULL, lost_at = clock_timestamp()';

type Move = {
  id: string;
  to: RemediationState;
  /** More of SET and WHERE, as fixed text; its values begin at $4. */
  set?: string;
  where?: string;
  values?: readonly unknown[];
  event: AuditEntry['event'];
  actor: string;
  detail?: (moved: Remediation) => AuditEntry['detail'];
};

/**
 * The one way from state to state: compare and set, with the audit's row in the same transaction. Null: it was not in
 * a state from which that is possible, and nothing happened.
 */
export async function move(query: Query, change: Move): Promise<Remediation | null> {
  const { id, to, set = '', where = '', values = [], event, actor, detail } = change;
  const moved = remediationOrNull(
    await query(
      `UPDATE diag503.remediation SET state = $2${set === '' ? '' : `, ${set}`}
       WHERE id = $1 AND state = ANY($3::text[])${where === '' ? '' : ` AND ${where}`}
       RETURNING ${REMEDIATION_COLUMNS}`,
      [id, to, statesBefore(to), ...values],
    ),
  );
  if (moved === null) return null;
  await appendAudit(query, {
    event,
    service: moved.service,
    remediationId: moved.id,
    actor,
    detail: { ...whatExactly(moved), ...detail?.(moved) },
  });
  return moved;
}

/** What every row of the audit says about a change. */
export const whatExactly = ({ kind, runId, plan, planDigest }: Remediation): AuditEntry['detail'] => ({
  kind,
  runId,
  label: plan.label,
  target: plan.target,
  steps: plan.steps,
  planDigest,
});

/** The bot's keyed digest of what it has taken on. */
export type Sign = (remediation: Remediation) => string;

/** In the transaction that makes it ready: what is ready and not signed would be begun by nobody. */
export async function signReady(
  query: Query,
  remediation: Remediation,
  sign: Sign | undefined,
): Promise<void> {
  if (sign === undefined) return;
  const values = [remediation.id, sign(remediation)];
  await query('UPDATE diag503.remediation SET mac = $2 WHERE id = $1 AND mac IS NULL', values);
}

import type { Remediation } from '../model/remediation.js';
import { APPROVE_WITHIN_MINUTES } from './answer-remediation.js';
import { appendAudit } from './audit.js';
import type { Query } from './database.js';
import { type MessageRef, raiseRemediation } from './messages.js';
import {
  move,
  REMEDIATION_COLUMNS,
  remediationOrNull,
  type Sign,
  signReady,
  whatExactly,
} from './remediation-row.js';
import { storable } from './row.js';

export type BreakGlass = {
  id: string;
  user: string;
  /** By which role the person may, for the audit. */
  role: string;
  channel: string;
  /** Of the plan that this person saw. */
  planDigest: string;
  /** Why it cannot wait for the others, in the person's own words. */
  reason: string;
  /** Only a signed row is begun. */
  sign?: Sign;
};
export type BrokenGlass =
  | { kind: 'ready'; remediation: Remediation; messages: MessageRef[] }
  /** It is not waiting for approval, or not any more. */
  | { kind: 'over'; remediation: Remediation }
  | { kind: 'unheard-of' };

/** What waits for approvals goes without them, in the name of whoever wrote the reason. */
export async function breakGlass(query: Query, ask: BreakGlass): Promise<BrokenGlass> {
  const { id, user, role, channel, planDigest, reason } = ask;
  const waiting = remediationOrNull(
    await query(`SELECT ${REMEDIATION_COLUMNS} FROM diag503.remediation WHERE id = $1 FOR UPDATE`, [id]),
  );
  if (waiting === null) return { kind: 'unheard-of' };
  const remediation = await move(query, {
    ...{ id, to: 'approved', event: 'break-glass', actor: user },
    set: 'requested_by = $4, reason = $5, approvals_needed = 0, ready_at = clock_timestamp()',
    where: `state = 'requested' AND approvals_needed > 0 AND break_glass AND plan_digest = $6
      AND requested_at >= clock_timestamp() - interval '${APPROVE_WITHIN_MINUTES} min'`,
    values: [user, storable(reason), planDigest],
    detail: () => ({
      ...{ role, channel, reason, askedBy: waiting.requestedBy, approvalsNeeded: waiting.approvalsNeeded },
    }),
  });
  if (remediation !== null) {
    await signReady(query, remediation, ask.sign);
    return { kind: 'ready', remediation, messages: await raiseRemediation(query, id) };
  }
  const detail = { ...whatExactly(waiting), role, channel, act: 'break-glass', reason, because: 'over' };
  const { service } = waiting;
  await appendAudit(query, { event: 'refused', service, remediationId: id, actor: user, detail });
  return { kind: 'over', remediation: waiting };
}

import { Approval, type Remediation } from '../model/remediation.js';
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
import { parseRows } from './row.js';

/** Who has not found the people by then has to look again. */
export const APPROVE_WITHIN_MINUTES = 15;

export type ApprovalAnswer = {
  id: string;
  user: string;
  role: string;
  answer: Approval['answer'];
  /** Of the plan that this person saw. */
  planDigest: string;
  /** Only a signed row is begun. */
  sign?: Sign;
};
export type Answered =
  | { kind: 'ready' | 'waiting' | 'denied'; remediation: Remediation; messages: MessageRef[] }
  | { kind: 'own-request' | 'second-answer' | 'other-plan' | 'over'; remediation: Remediation }
  | { kind: 'unheard-of' };

const APPROVAL_COLUMNS =
  'remediation_id AS "remediationId", approver, answer, plan_digest AS "planDigest", at';

export async function approvalsOf(query: Query, id: string): Promise<Approval[]> {
  const rows = await query(
    `SELECT ${APPROVAL_COLUMNS} FROM diag503.approval WHERE remediation_id = $1 ORDER BY at`,
    [id],
  );
  return parseRows(Approval, rows);
}

/** One no ends it; the yes of as many others as are needed sends it to its worker. */
export async function answerRemediation(query: Query, given: ApprovalAnswer): Promise<Answered> {
  const { id, user, role, answer, planDigest } = given;
  const [row] = await query(
    `SELECT ${REMEDIATION_COLUMNS},
       requested_at < clock_timestamp() - make_interval(mins => ${APPROVE_WITHIN_MINUTES}) AS late
     FROM diag503.remediation WHERE id = $1 FOR UPDATE`,
    [id],
  );
  if (row === undefined) return { kind: 'unheard-of' };
  const { late, ...rest } = row;
  const remediation = remediationOrNull([rest]);
  if (remediation === null) return { kind: 'unheard-of' };
  const refusal = refusalOf(remediation, given, late === true);
  const taken = refusal === null && (await note(query, given));
  if (refusal !== null || !taken) {
    const kind = refusal ?? 'second-answer';
    const detail = { ...whatExactly(remediation), role, answer, because: kind };
    const { service } = remediation;
    await appendAudit(query, { event: 'refused', service, remediationId: id, actor: user, detail });
    return { kind, remediation };
  }
  if (answer === 'denied') {
    const set = 'finished_at = clock_timestamp(), progress = $4';
    const denied = await move(query, {
      ...{ id, to: 'refused', set, values: [`denied by ${user}`], event: 'denied', actor: user },
      detail: () => ({ role }),
    });
    return result(query, 'denied', denied ?? remediation);
  }
  const count = (await approvalsOf(query, id)).filter(({ answer: each }) => each === 'approved').length;
  if (count < remediation.approvalsNeeded) {
    const detail = {
      ...whatExactly(remediation),
      role,
      count,
      needed: remediation.approvalsNeeded,
      planDigest,
    };
    const { service } = remediation;
    await appendAudit(query, { event: 'approved', service, remediationId: id, actor: user, detail });
    return result(query, 'waiting', remediation);
  }
  const set = 'ready_at = clock_timestamp()';
  const approved = await move(query, {
    ...{ id, to: 'approved', set, event: 'approved', actor: user },
    detail: ({ approvalsNeeded: needed }) => ({ role, count, needed }),
  });
  if (approved !== null) await signReady(query, approved, given.sign);
  return result(query, 'ready', approved ?? remediation);
}

const refusalOf = (
  { state, requestedBy, planDigest, approvalsNeeded }: Remediation,
  given: ApprovalAnswer,
  late: boolean,
): 'own-request' | 'other-plan' | 'over' | null => {
  if (state !== 'requested' || approvalsNeeded === 0 || late) return 'over';
  if (requestedBy === given.user) return 'own-request';
  return planDigest === given.planDigest ? null : 'other-plan';
};

/** False: this person has answered before. */
async function note(query: Query, { id, user, answer, planDigest }: ApprovalAnswer): Promise<boolean> {
  const rows = await query(
    `INSERT INTO diag503.approval (remediation_id, approver, answer, plan_digest) VALUES ($1, $2, $3, $4)
     ON CONFLICT DO NOTHING RETURNING approver`,
    [id, user, answer, planDigest],
  );
  return rows.length > 0;
}

const result = async (
  query: Query,
  kind: 'ready' | 'waiting' | 'denied',
  remediation: Remediation,
): Promise<Answered> => ({ kind, remediation, messages: await raiseRemediation(query, remediation.id) });

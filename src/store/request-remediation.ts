import { z } from 'zod';
import type { AuditEntry } from '../model/audit.js';
import { type EarlierUse, limitReached, type Limits } from '../model/remediation-limits.js';
import { Remediation, RemediationState } from '../model/remediation.js';
import { appendAudit } from './audit.js';
import type { Query } from './database.js';
import { type MessageRef, raiseRemediation, raiseVerdict } from './messages.js';
import {
  IN_FLIGHT,
  move,
  REMEDIATION_COLUMNS,
  remediationOrNull,
  type Sign,
  signReady,
  whatExactly,
} from './remediation-row.js';
import { parseRow, parseRows } from './row.js';

export type RemediationAsk = {
  id: string;
  user: string;
  /** By which role the person may, for the audit. */
  role: string;
  channel: string;
  limits: Limits;
  /** Of the inventory's entry as the asker's process knows it. */
  serviceDigest: string;
  /** Only a signed row is begun. */
  sign?: Sign;
};

/** Nothing but `requested` changes anything; every other answer is in the audit too. */
export type Requested =
  | { kind: 'requested'; remediation: Remediation; messages: MessageRef[] }
  /** Somebody was first, or it is over. */
  | { kind: 'gone'; remediation: Remediation }
  | { kind: 'expired'; remediation: Remediation }
  /** The inventory's entry was edited since the verdict. */
  | { kind: 'edited'; remediation: Remediation }
  | { kind: 'busy'; remediation: Remediation; other: Remediation }
  | { kind: 'limited'; remediation: Remediation; reason: string }
  | { kind: 'unheard-of' };

const Earlier = z.object({ state: RemediationState, startedAt: z.iso.datetime() });

/** Presses on the same service wait for each other here, so that each is told what really holds it back. */
export async function requestRemediation(query: Query, ask: RemediationAsk): Promise<Requested> {
  const offered = remediationOrNull(
    await query(`SELECT ${REMEDIATION_COLUMNS} FROM diag503.remediation WHERE id = $1`, [ask.id]),
  );
  if (offered === null) return { kind: 'unheard-of' };
  await query(`SELECT pg_advisory_xact_lock(hashtextextended('diag503 remediation ' || $1, 0))`, [
    offered.service,
  ]);
  const refusal = await whyNot(query, ask);
  if (refusal !== null) {
    await appendAudit(query, refused(ask, refusal));
    return refusal;
  }
  const remediation = await move(query, {
    id: ask.id,
    to: 'requested',
    set: `requested_by = $4, requested_at = clock_timestamp(),
      ready_at = CASE WHEN approvals_needed = 0 THEN clock_timestamp() END`,
    values: [ask.user],
    event: 'requested',
    actor: ask.user,
    detail: ({ approvalsNeeded }) => ({ role: ask.role, channel: ask.channel, approvalsNeeded }),
  });
  if (remediation === null) {
    const gone = { kind: 'gone', remediation: offered } as const;
    await appendAudit(query, refused(ask, gone));
    return gone;
  }
  if (remediation.approvalsNeeded === 0) await signReady(query, remediation, ask.sign);
  return {
    kind: 'requested',
    remediation,
    messages: [...(await raiseRemediation(query, ask.id)), ...(await raiseVerdict(query, remediation.runId))],
  };
}

type Refusal = Exclude<Requested, { kind: 'requested' | 'unheard-of' }>;

async function whyNot(query: Query, { id, serviceDigest, limits }: RemediationAsk): Promise<Refusal | null> {
  const [row] = await query(
    `SELECT ${REMEDIATION_COLUMNS}, expires_at <= clock_timestamp() AS late FROM diag503.remediation WHERE id = $1`,
    [id],
  );
  const { late, ...rest } = row ?? {};
  const remediation = parseRow(Remediation, rest);
  if (remediation.state === 'expired') return { kind: 'expired', remediation };
  if (remediation.state !== 'offered') return { kind: 'gone', remediation };
  if (late === true) return { kind: 'expired', remediation };
  if (remediation.plan.serviceDigest !== serviceDigest) return { kind: 'edited', remediation };
  const other = remediationOrNull(
    await query(
      `SELECT ${REMEDIATION_COLUMNS} FROM diag503.remediation WHERE service = $1 AND ${IN_FLIGHT} LIMIT 1`,
      [remediation.service],
    ),
  );
  if (other !== null) return { kind: 'busy', remediation, other };
  const reason = limitReached(await usedBefore(query, remediation), limits, Date.now());
  return reason === null ? null : { kind: 'limited', remediation, reason };
}

export async function usedBefore(
  query: Query,
  { service, kind }: Pick<Remediation, 'service' | 'kind'>,
): Promise<EarlierUse[]> {
  return parseRows(
    Earlier,
    await query(
      `SELECT state, started_at AS "startedAt" FROM diag503.remediation
       WHERE service = $1 AND kind = $2 AND started_at > clock_timestamp() - interval '24 hours'`,
      [service, kind],
    ),
  );
}

const refused = ({ user, role, channel }: RemediationAsk, refusal: Refusal): AuditEntry => ({
  event: 'refused',
  service: refusal.remediation.service,
  remediationId: refusal.remediation.id,
  actor: user,
  detail: {
    ...whatExactly(refusal.remediation),
    role,
    channel,
    because: refusal.kind === 'limited' ? refusal.reason : refusal.kind,
  },
});

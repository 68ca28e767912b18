import { createHash } from 'node:crypto';
import { z } from 'zod';

/** Everything that is written down: what was asked, refused, agreed to, done, and what came of it. */
export const AuditEvent = z.enum([
  'offered',
  'requested',
  'refused',
  'approved',
  'denied',
  'break-glass',
  'started',
  'applied',
  'verified',
  'ineffective',
  'failed',
  'unknown',
  'reconciled',
  'expired',
  'relapsed',
  'restored',
  'kept',
  'forged-job',
  'silenced',
  'silence-ended',
]);
export type AuditEvent = z.infer<typeof AuditEvent>;

export const AuditEntry = z.object({
  event: AuditEvent,
  service: z.string(),
  remediationId: z.string().nullable(),
  /** A Slack user id, or which part of diag503 itself. */
  actor: z.string(),
  /** Where, what exactly, why, with what outcome. Never a secret. */
  detail: z.record(z.string(), z.unknown()),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

/** An entry with its place in the chain. `detail` is the text as stored: the hash covers its bytes. */
export const AuditRow = AuditEntry.omit({ detail: true }).extend({
  seq: z.int().positive(),
  at: z.iso.datetime(),
  detail: z.string(),
  previous: z.string(),
  hash: z.string(),
});
export type AuditRow = z.infer<typeof AuditRow>;

/** What the first row names as the one before it. */
export const CHAIN_START = '0'.repeat(64);

export const auditHash = (row: Omit<AuditRow, 'hash'>): string => {
  const { seq, at, event, service, remediationId, actor, detail, previous } = row;
  const covered = JSON.stringify([seq, at, event, service, remediationId, actor, detail, previous]);
  return createHash('sha256').update(covered).digest('hex');
};

export type ChainProblem = { seq: number; what: string };
/** The end of the chain as it was noted elsewhere: without one, rows cut off at the end leave no trace. */
export type ChainHead = { seq: number; hash: string };

/** The first row that is not as it was written, or null. Rows in the order of `seq`. */
export function firstBadRow(rows: Iterable<AuditRow>, head: ChainHead): ChainProblem | null {
  let last: ChainHead = { seq: 0, hash: CHAIN_START };
  for (const row of rows) {
    const seq = last.seq + 1;
    if (row.seq !== seq) return { seq, what: `row ${seq} is missing: the next one is ${row.seq}` };
    if (row.previous !== last.hash) return { seq, what: `row ${seq} does not follow from the row before it` };
    if (row.hash !== auditHash(row)) return { seq, what: `row ${seq} is not what was written` };
    last = { seq, hash: row.hash };
  }
  if (last.seq < head.seq)
    return { seq: last.seq + 1, what: `rows ${last.seq + 1} to ${head.seq} were cut off at the end` };
  if (last.seq > head.seq) return { seq: head.seq + 1, what: `row ${head.seq + 1} was added past the end` };
  if (last.hash !== head.hash) return { seq: last.seq, what: `row ${last.seq} is not the noted end` };
  return null;
}

import { z } from 'zod';
import {
  type AuditEntry,
  auditHash,
  AuditRow,
  type ChainHead,
  type ChainProblem,
  firstBadRow,
} from '../model/audit.js';
import { canonical } from '../model/digest.js';
import type { Database, Query } from './database.js';
import { parseRow, parseRows, storable } from './row.js';

export type AuditStore = {
  /** For what changes nothing else; what does writes its row in the same transaction. */
  append(entry: AuditEntry): Promise<AuditRow>;
  /** In the order of writing, after `seq`. */
  after(seq: number, limit?: number): Promise<AuditRow[]>;
  head(): Promise<ChainHead>;
  /** The first row that is not as it was written; null when all are. `noted`: the end as somebody wrote it down. */
  verify(noted?: ChainHead): Promise<ChainProblem | null>;
};

const COLUMNS =
  'seq::int, at, event, service, remediation_id AS "remediationId", actor, detail, previous, hash';
const Head = z.object({ seq: z.int().nonnegative(), hash: z.string() });
const PAGE = 1_000;

export function createAuditStore({ query, transaction }: Database): AuditStore {
  const after = async (seq: number, limit = PAGE): Promise<AuditRow[]> =>
    parseRows(
      AuditRow,
      await query(`SELECT ${COLUMNS} FROM diag503.audit WHERE seq > $1 ORDER BY seq LIMIT $2`, [seq, limit]),
    );
  const head = async (): Promise<ChainHead> => {
    const [row] = await query('SELECT seq::int, hash FROM diag503.audit_head');
    return parseRow(Head, row);
  };
  return {
    append: (entry) => transaction((inTransaction) => appendAudit(inTransaction, entry)),
    after,
    head,
    verify: async (noted) => {
      // First the end, then the rows: what is written meanwhile lies behind the end and is looked at the next time.
      const end = await head();
      const rows: AuditRow[] = [];
      for (let page = await after(0); page.length > 0; page = await after(rows.at(-1)?.seq ?? 0))
        rows.push(...page);
      const upToEnd = rows.filter(({ seq }) => seq <= end.seq);
      return firstBadRow(upToEnd, end) ?? (noted === undefined ? null : againstNote(upToEnd, noted));
    },
  };
}

/** The chain may have grown since the note, but the noted row must be in it. */
const againstNote = (rows: readonly AuditRow[], { seq, hash }: ChainHead): ChainProblem | null => {
  if (seq === 0) return null;
  const row = rows[seq - 1];
  if (row === undefined)
    return { seq: rows.length + 1, what: `rows ${rows.length + 1} to ${seq} were cut off` };
  return row.hash === hash ? null : { seq, what: `row ${seq} is another one than was noted` };
};

/** Writers wait for each other at the head; a transaction that cannot write its row does nothing else either. */
export async function appendAudit(query: Query, entry: AuditEntry): Promise<AuditRow> {
  const [row] = await query('SELECT seq::int, hash FROM diag503.audit_head FOR UPDATE');
  const head = parseRow(Head, row);
  const linked = {
    seq: head.seq + 1,
    at: new Date().toISOString(),
    event: entry.event,
    service: storable(entry.service),
    remediationId: entry.remediationId,
    actor: storable(entry.actor),
    detail: storable(canonical(entry.detail)),
    previous: head.hash,
  };
  const written: AuditRow = { ...linked, hash: auditHash(linked) };
  await query(
    `INSERT INTO diag503.audit (seq, at, event, service, remediation_id, actor, detail, previous, hash)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      written.seq,
      written.at,
      written.event,
      written.service,
      written.remediationId,
      written.actor,
      written.detail,
      written.previous,
      written.hash,
    ],
  );
  await query('UPDATE diag503.audit_head SET seq = $1, hash = $2', [written.seq, written.hash]);
  return written;
}

import type { AuditEntry } from '../model/audit.js';
import type { Remediation } from '../model/remediation.js';
import { appendAudit } from './audit.js';
import type { Database } from './database.js';
import { type MessageRef, raiseRemediation } from './messages.js';
import { REMEDIATION_COLUMNS, remediationOrNull, whatExactly } from './remediation-row.js';

/** The change and the messages to put on the post queue; null: it was in another state, and nothing happened. */
export type Moved = { remediation: Remediation; messages: MessageRef[] } | null;

type Change = { set: string; where: string; values?: readonly unknown[] };
type Entry = Pick<AuditEntry, 'event' | 'actor'> & { detail?: AuditEntry['detail'] };

/** Compare and set something of a change that is no step to a next state; its values begin at $2. */
export const note = (
  transaction: Database['transaction'],
  id: string,
  { set, where, values = [] }: Change,
  { event, actor, detail = {} }: Entry,
): Promise<Moved> =>
  transaction(async (query) => {
    const remediation = remediationOrNull(
      await query(
        `UPDATE diag503.remediation SET ${set} WHERE id = $1 AND ${where} RETURNING ${REMEDIATION_COLUMNS}`,
        [id, ...values],
      ),
    );
    if (remediation === null) return null;
    const { service } = remediation;
    const all = { ...whatExactly(remediation), ...detail };
    await appendAudit(query, { event, actor, service, remediationId: id, detail: all });
    return { remediation, messages: await raiseRemediation(query, id) };
  });

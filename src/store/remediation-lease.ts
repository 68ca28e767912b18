import type { Database } from './database.js';
import { type MessageRef, raiseRemediation } from './messages.js';
import { storable } from './row.js';

/** Who looks after a change that has begun: one worker at a time, by a token of its own. */
export type RemediationLease = {
  /** Looks after it from now on; false: somebody else does. */
  take(id: string, leaseMs: number, token: string): Promise<boolean>;
  /** False: somebody else looks after it by now. */
  renew(id: string, leaseMs: number, token: string): Promise<boolean>;
  /** Nothing is certain yet: another look follows. */
  lookAgain(id: string, words: string, afterMs: number): Promise<MessageRef[]>;
};

export const createRemediationLease = ({
  query,
  transaction,
}: Pick<Database, 'query' | 'transaction'>): RemediationLease => ({
  take: async (id, leaseMs, token) => {
    const rows = await query(
      `UPDATE diag503.remediation SET lease_token = $3,
           leased_until = clock_timestamp() + make_interval(secs => $2::float8 / 1000)
         WHERE id = $1 AND state IN ('running', 'unknown') AND finished_at IS NULL
           AND (leased_until < clock_timestamp() OR lease_token = $3) RETURNING id`,
      [id, leaseMs, token],
    );
    return rows.length > 0;
  },

  renew: async (id, leaseMs, token) => {
    const rows = await query(
      `UPDATE diag503.remediation SET leased_until = clock_timestamp() + make_interval(secs => $2::float8 / 1000)
         WHERE id = $1 AND state IN ('running', 'unknown') AND finished_at IS NULL AND lease_token = $3
         RETURNING id`,
      [id, leaseMs, token],
    );
    return rows.length > 0;
  },

  lookAgain: (id, words, afterMs) =>
    transaction(async (inTransaction) => {
      const changed = await inTransaction(
        `UPDATE diag503.remediation SET progress = $2,
             leased_until = clock_timestamp() + make_interval(secs => $3::float8 / 1000)
           WHERE id = $1 AND state = 'unknown' AND finished_at IS NULL AND outcome IS NULL RETURNING id`,
        [id, storable(words), afterMs],
      );
      return changed.length === 0 ? [] : raiseRemediation(inTransaction, id);
    }),
});

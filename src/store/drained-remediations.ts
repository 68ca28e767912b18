import type { Database } from './database.js';
import { type Moved, note } from './note-remediation.js';
import { storable } from './row.js';

/** What a change has taken out of a pool goes back by itself, unless somebody keeps it out. */
export type DrainedStore = {
  /** What it had drained is in its pool again; null when somebody has said so already. */
  restored(id: string, words: string): Promise<Moved>;
  restoreLater(id: string, afterMs: number): Promise<void>;
  /** Somebody wants it to stay out of the pool; null when it is not waiting to go back. */
  keep(id: string, user: string): Promise<Moved>;
};

export const createDrainedStore = ({
  query,
  transaction,
}: Pick<Database, 'query' | 'transaction'>): DrainedStore => ({
  restored: (id, words) =>
    note(
      transaction,
      id,
      {
        set: 'restore_at = NULL, progress = $2',
        where: 'restore_at <= clock_timestamp()',
        values: [storable(words)],
      },
      { event: 'restored', actor: 'worker', detail: { words } },
    ),

  restoreLater: async (id, afterMs) => {
    await query(
      `UPDATE diag503.remediation SET restore_at = clock_timestamp() + make_interval(secs => $2::float8 / 1000)
         WHERE id = $1 AND restore_at IS NOT NULL`,
      [id, afterMs],
    );
  },

  keep: (id, user) =>
    note(
      transaction,
      id,
      {
        set: 'restore_at = NULL, progress = $2',
        where: 'restore_at IS NOT NULL AND finished_at IS NOT NULL',
        values: [`kept out by ${user}`],
      },
      { event: 'kept', actor: user },
    ),
});

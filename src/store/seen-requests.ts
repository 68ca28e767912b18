import type { Database } from './database.js';

/** Three times the window in which a signature is valid at all. */
const KEEP_SECONDS = 900;

export type SeenRequestStore = {
  /** True for the one caller who comes first with this key, in whatever process. */
  first(key: string): Promise<boolean>;
  /** Forgets what is too old to matter. */
  prune(): Promise<void>;
};

export const createSeenRequestStore = ({ query }: Database): SeenRequestStore => ({
  first: async (key) => {
    const rows = await query(
      'INSERT INTO diag503.seen_request (key) VALUES ($1) ON CONFLICT DO NOTHING RETURNING key',
      [key],
    );
    return rows.length === 1;
  },
  prune: async () => {
    await query(
      `DELETE FROM diag503.seen_request WHERE seen_at < clock_timestamp() - make_interval(secs => ${KEEP_SECONDS})`,
    );
  },
});

import { Reading } from '../model/reading.js';
import type { Database, Query } from './database.js';
import { parseStored } from './row.js';

export type ReadingStore = {
  /** In the order in which they were taken: enough to judge an old run again by newer rules. */
  of(runId: string): Promise<Reading[]>;
};

export const createReadingStore = ({ query }: Database): ReadingStore => ({
  of: async (runId) => {
    const rows = await query('SELECT body FROM diag503.reading WHERE run_id = $1 ORDER BY position', [runId]);
    return rows.map(({ body }) => parseStored(Reading, body));
  },
});

export async function insertReadings(
  query: Query,
  runId: string,
  readings: readonly Reading[],
): Promise<void> {
  await query(
    `INSERT INTO diag503.reading (run_id, position, probe, body)
     SELECT $1, position, probe, body
     FROM unnest($2::text[], $3::json[]) WITH ORDINALITY AS r (probe, body, position)`,
    [runId, readings.map(({ probe }) => probe), readings.map((reading) => JSON.stringify(reading))],
  );
}

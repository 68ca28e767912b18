import { Finding } from '../model/finding.js';
import type { Database, Query } from './database.js';
import { parseStored } from './row.js';

export type FindingStore = {
  of(runId: string): Promise<Finding[]>;
};

export const createFindingStore = ({ query }: Database): FindingStore => ({
  of: async (runId) => {
    const rows = await query('SELECT body FROM diag503.finding WHERE run_id = $1 ORDER BY position', [runId]);
    return rows.map(({ body }) => parseStored(Finding, body));
  },
});

/** Beside the run's document, so that "how often was it this check" is one query. */
export async function insertFindings(
  query: Query,
  runId: string,
  findings: readonly Finding[],
): Promise<void> {
  await query(
    `INSERT INTO diag503.finding (run_id, position, check_id, cause, confidence, body)
     SELECT $1, position, check_id, cause, confidence, body
     FROM unnest($2::text[], $3::text[], $4::text[], $5::json[])
       WITH ORDINALITY AS f (check_id, cause, confidence, body, position)`,
    [
      runId,
      findings.map(({ check }) => check),
      findings.map(({ cause }) => cause),
      findings.map(({ confidence }) => confidence),
      findings.map((finding) => JSON.stringify(finding)),
    ],
  );
}

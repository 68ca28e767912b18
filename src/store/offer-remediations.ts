import { type Plan, planDigest } from '../model/plan.js';
import { inVain } from '../model/remediation-limits.js';
import type { Query } from './database.js';
import { type MessageRef, raiseVerdict } from './messages.js';
import { usedBefore } from './request-remediation.js';

/** What may be done about a verdict, the best first. */
export type Offer = { plan: Plan; approvalsNeeded: number; breakGlass?: boolean };

/** After this nobody presses a button any more without looking again. */
export const OFFER_MINUTES = 10;

/** The newest verdict's buttons are the only ones: those of the service's earlier runs go. */
export async function offerRemediations(
  query: Query,
  runId: string,
  offers: readonly Offer[],
): Promise<MessageRef[]> {
  const gone = await query(
    `UPDATE diag503.remediation r SET state = 'expired', finished_at = clock_timestamp()
     FROM diag503.run newest WHERE newest.id = $1 AND r.service = newest.service AND r.run_id <> $1
       AND r.state = 'offered' RETURNING r.run_id AS "runId"`,
    [runId],
  );
  for (const [position, offer] of offers.entries()) await insert(query, runId, position, offer);
  const runs = new Set(gone.map(({ runId: earlier }) => String(earlier)));
  const raised = await Promise.all([...runs].map((earlier) => raiseVerdict(query, earlier)));
  return raised.flat();
}

/** What did not help again and again is not offered, and the card says so instead. */
async function insert(query: Query, runId: string, position: number, offer: Offer): Promise<void> {
  const { plan, approvalsNeeded, breakGlass = false } = offer;
  const [run] = await query('SELECT service FROM diag503.run WHERE id = $1', [runId]);
  const earlier = await usedBefore(query, { service: String(run?.['service']), kind: plan.remediation });
  const why = inVain(earlier);
  const { digest, json } = { digest: planDigest(plan), json: JSON.stringify(plan) };
  await query(
    `INSERT INTO diag503.remediation
       (incident_id, run_id, service, kind, position, plan, plan_digest, approvals_needed, break_glass, expires_at,
        state, progress, finished_at)
     SELECT incident_id, id, service, $2, $3, $4, $5, $6, $7,
       clock_timestamp() + make_interval(mins => ${OFFER_MINUTES}), $8, $9,
       CASE WHEN $9::text IS NULL THEN NULL ELSE clock_timestamp() END
     FROM diag503.run WHERE id = $1`,
    [
      ...[runId, plan.remediation, position, json, digest, approvalsNeeded, breakGlass],
      ...[why === null ? 'offered' : 'refused', why],
    ],
  );
}

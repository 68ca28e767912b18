import { type Plan, planDigest } from '../model/plan.js';
import type { Query } from './database.js';
import { type MessageRef, raiseVerdict } from './messages.js';

/** What may be done about a verdict, the best first. */
export type Offer = { plan: Plan; approvalsNeeded: number };

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
  for (const [position, { plan, approvalsNeeded }] of offers.entries()) {
    await query(
      `INSERT INTO diag503.remediation
         (incident_id, run_id, service, kind, position, plan, plan_digest, approvals_needed, expires_at)
       SELECT incident_id, id, service, $2, $3, $4, $5, $6,
         clock_timestamp() + make_interval(mins => ${OFFER_MINUTES})
       FROM diag503.run WHERE id = $1`,
      [runId, plan.remediation, position, JSON.stringify(plan), planDigest(plan), approvalsNeeded],
    );
  }
  const runs = new Set(gone.map(({ runId: earlier }) => String(earlier)));
  const raised = await Promise.all([...runs].map((earlier) => raiseVerdict(query, earlier)));
  return raised.flat();
}

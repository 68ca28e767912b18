import {
  type Approval,
  type Outcome,
  Remediation,
  type RemediationState,
  RESTORE_AFTER_MINUTES,
} from '../model/remediation.js';
import { answerRemediation, type Answered, type ApprovalAnswer, approvalsOf } from './answer-remediation.js';
import { appendAudit } from './audit.js';
import { breakGlass, type BreakGlass, type BrokenGlass } from './break-glass.js';
import type { Database, Query } from './database.js';
import { createDrainedStore, type DrainedStore } from './drained-remediations.js';
import { type MessageRef, raiseRemediation } from './messages.js';
import {
  move,
  LOST,
  REMEDIATION_COLUMNS,
  remediationOrNull,
  START_WITHIN_SECONDS,
  whatExactly,
} from './remediation-row.js';
import { createRemediationLease, type RemediationLease } from './remediation-lease.js';
import { type Moved, note } from './note-remediation.js';
import { type RemediationAsk, type Requested, requestRemediation } from './request-remediation.js';
import { parseRows, storable } from './row.js';
import { sweepRemediations, type Swept } from './sweep-remediations.js';

export type { Moved } from './note-remediation.js';

type Ending = {
  state: Extract<RemediationState, 'verified' | 'ineffective' | 'failed'>;
  outcome: Outcome;
  verifyRunId?: string | undefined;
  watchMinutes?: number | undefined;
};

/** Every change of state is compare-and-set, and its row of the audit is in the same transaction. */
export type RemediationStore = RemediationLease &
  DrainedStore & {
    get(id: string): Promise<Remediation | null>;
    /** The best first. */
    ofRun(runId: string): Promise<Remediation[]>;
    verifiedBy(runId: string): Promise<Remediation | null>;
    approvalsOf(id: string): Promise<Approval[]>;
    request(ask: RemediationAsk): Promise<Requested>;
    answer(given: ApprovalAnswer): Promise<Answered>;
    breakGlass(ask: BreakGlass): Promise<BrokenGlass>;
    /** Requested and not begun: it is over before anything was done. */
    refuse(id: string, because: string, actor: string): Promise<Moved>;
    /** For one worker, once, and not long after the press. Steps begin within `notAfterMs`; without `renew` the worker counts as gone after `leaseMs`. */
    start(id: string, times: { notAfterMs: number; leaseMs: number; token?: string }): Promise<Moved>;
    setProgress(id: string, words: string): Promise<MessageRef[]>;
    /** The effect is over, for better or worse; whether it helped is looked at next. */
    applied(id: string, outcome: Outcome): Promise<MessageRef[]>;
    /** Its worker does not know either what became of it. */
    lose(id: string, because: string): Promise<Moved>;
    /** What became of one whose worker went away. */
    reconciled(id: string, outcome: Outcome): Promise<Moved>;
    setVerifyRun(id: string, runId: string): Promise<boolean>;
    conclude(id: string, ending: Ending): Promise<Moved>;
    /** Over, and whether it helped could not be measured. */
    unmeasured(id: string, outcome: Outcome, verifyRunId?: string): Promise<Moved>;
    /** The trouble is back within the time that it is watched; null when somebody has said so already. */
    relapse(id: string): Promise<Moved>;
    /** Ends what is too late, gives up on workers that are gone, and answers what still needs a job. */
    sweep(): Promise<Swept>;
  };

export function createRemediationStore({ query, transaction }: Database): RemediationStore {
  const one = async (where: string, value: string): Promise<Remediation | null> =>
    remediationOrNull(
      await query(`SELECT ${REMEDIATION_COLUMNS} FROM diag503.remediation WHERE ${where}`, [value]),
    );

  const change = (id: string, options: Omit<Parameters<typeof move>[1], 'id'>): Promise<Moved> =>
    transaction(async (inTransaction) => {
      const remediation = await move(inTransaction, { id, ...options });
      if (remediation === null) return null;
      return { remediation, messages: await raiseRemediation(inTransaction, id) };
    });

  return {
    ...createRemediationLease({ query, transaction }),
    ...createDrainedStore({ query, transaction }),
    get: (id) => one('id = $1', id),
    verifiedBy: (runId) => one('verify_run_id = $1', runId),
    ofRun: async (runId) =>
      parseRows(
        Remediation,
        await query(
          `SELECT ${REMEDIATION_COLUMNS} FROM diag503.remediation WHERE run_id = $1 ORDER BY position`,
          [runId],
        ),
      ),
    approvalsOf: (id) => approvalsOf(query, id),
    request: (ask) => transaction((inTransaction) => requestRemediation(inTransaction, ask)),
    answer: (given) => transaction((inTransaction) => answerRemediation(inTransaction, given)),
    breakGlass: (ask) => transaction((inTransaction) => breakGlass(inTransaction, ask)),

    refuse: (id, because, actor) =>
      change(id, {
        ...{
          to: 'refused',
          set: 'finished_at = clock_timestamp(), progress = $4',
          values: [storable(because)],
        },
        ...{ event: 'refused', actor, detail: () => ({ because }) },
      }),

    start: (id, { notAfterMs, leaseMs, token }) =>
      change(id, {
        to: 'running',
        set: `started_at = clock_timestamp(), progress = NULL,
          not_after = clock_timestamp() + make_interval(secs => $4::float8 / 1000),
          leased_until = clock_timestamp() + make_interval(secs => $5::float8 / 1000), lease_token = $6,
          restore_at = CASE WHEN ${DRAINS}
            THEN clock_timestamp() + interval '${RESTORE_AFTER_MINUTES} min' END`,
        where: `(state = 'approved' OR approvals_needed = 0)
          AND ready_at > clock_timestamp() - interval '${START_WITHIN_SECONDS} s'`,
        values: [notAfterMs, leaseMs, token ?? null],
        event: 'started',
        actor: 'worker',
        detail: ({ requestedBy, notAfter }) => ({ requestedBy, notAfter }),
      }),

    setProgress: (id, words) =>
      transaction(async (inTransaction) => {
        const changed = await inTransaction(
          `UPDATE diag503.remediation SET progress = $2 WHERE id = $1 AND state IN ('running', 'unknown')
             AND finished_at IS NULL RETURNING id`,
          [id, storable(words)],
        );
        return changed.length === 0 ? [] : raiseRemediation(inTransaction, id);
      }),

    applied: (id, outcome) =>
      transaction(async (inTransaction) => {
        const done = await noteOutcome(inTransaction, id, outcome, 'running');
        return done === null ? [] : raiseRemediation(inTransaction, id);
      }),

    lose: (id, because) =>
      change(id, {
        ...{ to: 'unknown', set: LOST, where: 'outcome IS NULL' },
        ...{ event: 'unknown', actor: 'worker', detail: () => ({ because }) },
      }),

    relapse: (id) =>
      note(
        transaction,
        id,
        {
          set: 'watch_until = NULL, progress = $2',
          where: `state = 'verified' AND watch_until IS NOT NULL`,
          values: ['relapsed'],
        },
        { event: 'relapsed', actor: 'worker' },
      ),

    reconciled: (id, outcome) =>
      transaction(async (inTransaction) => {
        const remediation = await noteOutcome(inTransaction, id, outcome, 'unknown');
        if (remediation === null) return null;
        return { remediation, messages: await raiseRemediation(inTransaction, id) };
      }),

    setVerifyRun: async (id, runId) => {
      const rows = await query(
        `UPDATE diag503.remediation SET verify_run_id = $2 WHERE id = $1 AND finished_at IS NULL RETURNING id`,
        [id, runId],
      );
      return rows.length > 0;
    },

    conclude: (id, { state, outcome, verifyRunId, watchMinutes }) =>
      change(id, {
        to: state,
        set: `outcome = $4, verify_run_id = coalesce($5, verify_run_id), finished_at = clock_timestamp(),
          progress = NULL, watch_until = clock_timestamp() + make_interval(mins => $6::int), ${restoreAt(7)}`,
        values: [json(outcome), verifyRunId ?? null, watchMinutes ?? null, isOut(outcome)],
        event: state,
        actor: 'worker',
        detail: () => ({ outcome, verifyRunId }),
      }),

    unmeasured: (id, outcome, verifyRunId) =>
      note(
        transaction,
        id,
        {
          set: `state = 'unknown', outcome = $2, verify_run_id = coalesce($3, verify_run_id), progress = NULL,
            finished_at = clock_timestamp(), ${restoreAt(4)}`,
          where: `state IN ('running', 'unknown') AND finished_at IS NULL`,
          values: [json(outcome), verifyRunId ?? null, isOut(outcome)],
        },
        { event: 'unknown', actor: 'worker', detail: { outcome, verifyRunId } },
      ),

    sweep: () => transaction(sweepRemediations),
  };
}

/** Whatever kind it is: what takes members out of their pool has an end by which they go back. */
const DRAINS = `plan::jsonb @> '{"steps": [{"kind": "member", "state": "drain"}]}'`;

const isOut = ({ drained = [] }: Outcome): boolean => drained.length > 0;

/** What was meant to stay out goes back at its deadline; what should be back already as soon as possible. */
const restoreAt = (parameter: number): string =>
  `restore_at = CASE WHEN NOT $${parameter}::boolean THEN NULL WHEN kind = 'drain-host' THEN restore_at
     ELSE clock_timestamp() END`;

const json = (outcome: Outcome): string => storable(JSON.stringify(outcome));

/** The state stays: it is the verification that ends it. A finding that stays unknown is an end of its own. */
async function noteOutcome(
  query: Query,
  id: string,
  outcome: Outcome,
  state: 'running' | 'unknown',
): Promise<Remediation | null> {
  const remediation = remediationOrNull(
    await query(
      `UPDATE diag503.remediation SET outcome = $2,
         finished_at = CASE WHEN $3 = 'unknown' AND $4 = 'unknown' THEN clock_timestamp() END,
         restore_at = CASE WHEN $3 = 'unknown' AND $4 = 'unknown' AND restore_at IS NOT NULL
           THEN clock_timestamp() ELSE restore_at END
       WHERE id = $1 AND state = $3 AND outcome IS NULL RETURNING ${REMEDIATION_COLUMNS}`,
      [id, json(outcome), state, outcome.effect],
    ),
  );
  if (remediation === null) return null;
  await appendAudit(query, {
    event: state === 'running' ? 'applied' : 'reconciled',
    service: remediation.service,
    remediationId: id,
    actor: 'worker',
    detail: { ...whatExactly(remediation), outcome },
  });
  return remediation;
}

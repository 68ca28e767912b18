import type { Incident, Message, Progress, RunOrigin } from '../model/incident.js';
import { Run } from '../model/incident.js';
import { acceptRun } from './accept-run.js';
import type { Database } from './database.js';
import { type FinishedRun, finishRun } from './finish-run.js';
import { type MessageRef, raiseHeadline } from './messages.js';
import { parseRows, storable } from './row.js';
import { refuseRun } from './refuse-run.js';
import { RUN_COLUMNS, runOrNull } from './run-row.js';

export type Ask = {
  service: string;
  channel: string;
  origin: RunOrigin;
  /** The incident whose button was pressed: reopened when it is closed and no other is open. */
  incidentId?: string | undefined;
};
/** `joined`: a run of this service was on its way already, whoever asked for it. */
export type Accepted = { kind: 'started' | 'joined'; run: Run; incident: Incident; headline: Message };

/** Functions that change what a message shows answer the messages to put on the post queue. */
export type RunStore = {
  get(runId: string): Promise<Run | null>;
  latest(service: string): Promise<Run | null>;
  /** Runs that some job must still end. Without those of the last seconds: their request is still being answered. */
  unfinished(): Promise<Run[]>;
  accept(ask: Ask): Promise<Accepted>;
  /** Its job is on the queue: from now on it cannot be refused. False: it was refused before. */
  confirm(runId: string): Promise<boolean>;
  /** The asker is told that nothing was started. False: too late, its job is on the queue. */
  refuse(runId: string): Promise<boolean>;
  /** Null when it is finished, failed or refused: then there is nothing to do. */
  start(runId: string): Promise<Run | null>;
  setProgress(runId: string, progress: Progress): Promise<MessageRef[]>;
  /** Safe to call again: the second call changes nothing and answers what is still to be posted. */
  finish(runId: string, result: FinishedRun): Promise<MessageRef[]>;
  fail(runId: string, error: string): Promise<MessageRef[]>;
};

/** Longer than a request may take until it is refused (1.8 s), so that the sweeper does not start what is refused. */
const UNFINISHED_AFTER_SECONDS = 5;

export function createRunStore(database: Database): RunStore {
  const { query, transaction } = database;
  return {
    get: async (runId) =>
      runOrNull(await query(`SELECT ${RUN_COLUMNS} FROM diag503.run WHERE id = $1`, [runId])),

    latest: async (service) =>
      runOrNull(
        await query(
          `SELECT ${RUN_COLUMNS} FROM diag503.run WHERE service = $1 AND state <> 'refused'
           ORDER BY requested_at DESC LIMIT 1`,
          [service],
        ),
      ),

    unfinished: async () =>
      parseRows(
        Run,
        await query(
          `SELECT ${RUN_COLUMNS} FROM diag503.run WHERE state IN ('queued', 'running')
             AND requested_at < clock_timestamp() - make_interval(secs => ${UNFINISHED_AFTER_SECONDS})
           ORDER BY requested_at`,
        ),
      ),

    accept: (ask) => transaction((inTransaction) => acceptRun(inTransaction, ask)),

    confirm: async (runId) => {
      const rows = await query(
        `UPDATE diag503.run SET enqueued_at = coalesce(enqueued_at, clock_timestamp())
         WHERE id = $1 AND state <> 'refused' RETURNING id`,
        [runId],
      );
      return rows.length > 0;
    },

    refuse: (runId) => transaction((inTransaction) => refuseRun(inTransaction, runId)),

    start: async (runId) =>
      runOrNull(
        await query(
          `UPDATE diag503.run SET state = 'running', started_at = coalesce(started_at, clock_timestamp())
           WHERE id = $1 AND state IN ('queued', 'running') RETURNING ${RUN_COLUMNS}`,
          [runId],
        ),
      ),

    setProgress: (runId, progress) =>
      transaction(async (inTransaction) => {
        const changed = await inTransaction(
          `UPDATE diag503.run SET progress = $2 WHERE id = $1 AND state = 'running' RETURNING id`,
          [runId, JSON.stringify(progress)],
        );
        return changed.length === 0 ? [] : raiseHeadline(inTransaction, runId);
      }),

    finish: (runId, result) => transaction((inTransaction) => finishRun(inTransaction, runId, result)),

    fail: (runId, error) =>
      transaction(async (inTransaction) => {
        const failed = await inTransaction(
          `UPDATE diag503.run SET state = 'failed', error = $2, finished_at = clock_timestamp()
           WHERE id = $1 AND state IN ('queued', 'running') RETURNING id`,
          [runId, storable(error)],
        );
        return failed.length === 0 ? [] : raiseHeadline(inTransaction, runId);
      }),
  };
}

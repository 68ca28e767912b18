import { DelayedError, type Job, type Processor, UnrecoverableError } from 'bullmq';
import type { Diagnose } from '../src/diagnosis/diagnose.js';
import type { Logger } from '../src/logger.js';
import type { Progress } from '../src/model/incident.js';
import { aroundOf } from '../src/model/service-digest.js';
import type { Inventory, Service } from '../src/model/service.js';
import { offer } from '../src/remediations/offer.js';
import { DiagnosePayload, parsePayload } from '../src/queue/payloads.js';
import { PRIORITIES, type Queues } from '../src/queue/queues.js';
import type { MessageRef } from '../src/store/messages.js';
import type { Store } from '../src/store/store.js';
import { oneASecond } from './one-a-second.js';

export type DiagnoseNeeds = {
  store: Store;
  queues: Queues;
  inventory: Inventory;
  diagnose: Diagnose;
  logger: Pick<Logger, 'info' | 'warn'>;
  /** Diagnoses at the same time: of several, one is for people, whatever alerts come. */
  concurrency?: number;
};

/** How soon an alert's run asks for a place again. */
const AGAIN_MS = 500;
/** How soon a run asks for a database that is away. */
const DATABASE_AGAIN_MS = 2_000;
/** A look of then answers nobody any more. */
const WAITS_AT_MOST_MS = 3_600_000;

/** A diagnosis ends by itself at its service's deadline; one that does not is broken, and is tried again. */
const OVERTIME_MS = 15_000;

/**
 * Finds out why the service answers 503. Safe to repeat: it only reads from the hosts, finishing is idempotent, and
 * posting is a job of its own, so a failed post never opens the SSH connections a second time.
 */
export function diagnoseJob(needs: DiagnoseNeeds): Processor<unknown, void> {
  const { concurrency = 1, store } = needs;
  const mostForAlerts = Math.max(1, concurrency - 1);
  let forAlerts = 0;
  /** Attempts are for what may go wrong with a run: a database that is away is none of its faults, and it waits an hour for it. */
  const unlessAway = async (
    job: Job<unknown>,
    token: string | undefined,
    { runId, look }: { runId: string; look: () => Promise<void> },
  ) => {
    try {
      await look();
    } catch (error) {
      needs.logger.warn({ err: error, runId }, 'a look broke off');
      const isOld = Date.now() - job.timestamp > WAITS_AT_MOST_MS;
      if (isOld || (await store.ping().then(yes, no))) throw error;
      await job.moveToDelayed(Date.now() + DATABASE_AGAIN_MS, token);
      throw new DelayedError('the database is away');
    }
  };
  return async (job, token, cancelled) => {
    const { runId } = parsePayload(DiagnosePayload, job.data);
    const run = { runId, look: () => diagnoseRun(needs, runId, cancelled) };
    // Not by who asked: a person who joined the run of an alert has raised its job.
    if (job.priority !== PRIORITIES.alert) return unlessAway(job, token, run);
    if (forAlerts >= mostForAlerts) {
      await job.moveToDelayed(Date.now() + AGAIN_MS, token);
      throw new DelayedError('one place is kept for people');
    }
    forAlerts += 1;
    try {
      await unlessAway(job, token, run);
    } finally {
      forAlerts -= 1;
    }
  };
}

const yes = (): boolean => true;
const no = (): boolean => false;

async function diagnoseRun(
  needs: DiagnoseNeeds,
  runId: string,
  cancelled: AbortSignal | undefined,
): Promise<void> {
  const { store, inventory, diagnose, logger } = needs;
  const run = await store.runs.start(runId);
  if (run === null) return enqueuePosts(needs, await store.messages.unpostedOf(runId));

  const service = inventory.services.get(run.service);
  if (service === undefined)
    throw new UnrecoverableError(`${run.service} is not in the inventory of this worker`);

  logger.info({ runId, service: run.service }, 'diagnosing');
  const signal = signalFor(service, cancelled);
  const progress = oneASecond(
    async (latest: Progress) => enqueuePosts(needs, await store.runs.setProgress(runId, latest)),
    (error) => logger.warn({ err: error, runId }, 'progress is not shown'),
  );
  const result = await diagnose(service, { runId, signal, onProgress: progress.report }).finally(
    progress.end,
  );
  signal.throwIfAborted();
  const { offers, withheld } = offer({ service, around: aroundOf(inventory), ...result });
  if (withheld.length > 0) logger.info({ runId, withheld }, 'not offered');
  await enqueuePosts(needs, await store.runs.finish(runId, { ...result, offers }));
  const { status, cause } = result.document.verdict;
  logger.info({ runId, service: run.service, status, cause }, 'diagnosed');
}

/** A run whose last attempt failed ends visibly: its headline says so. */
export async function failRun(needs: DiagnoseNeeds, data: unknown, error: Error): Promise<void> {
  const { runId } = parsePayload(DiagnosePayload, data);
  await enqueuePosts(needs, await needs.store.runs.fail(runId, error.message));
}

async function enqueuePosts({ queues }: DiagnoseNeeds, messages: readonly MessageRef[]): Promise<void> {
  for (const message of messages) await queues.enqueuePost(message);
}

function signalFor({ deadlineSeconds }: Service, cancelled: AbortSignal | undefined): AbortSignal {
  const overtime = AbortSignal.timeout(deadlineSeconds * 1_000 + OVERTIME_MS);
  return cancelled === undefined ? overtime : AbortSignal.any([cancelled, overtime]);
}

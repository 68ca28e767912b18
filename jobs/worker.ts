import { type Job, type Processor, UnrecoverableError } from 'bullmq';
import type { Diagnose } from '../src/diagnosis/diagnose.js';
import { calmly, type Logger } from '../src/logger.js';
import type { Inventory } from '../src/model/service.js';
import { type AnyWorker, queueBackend, type QueueSettings, type WorkerRules } from '../src/queue/backend.js';
import type { QueueName } from '../src/queue/names.js';
import type { Queues } from '../src/queue/queues.js';
import type { Poster } from '../src/slack/poster.js';
import type { Store } from '../src/store/store.js';
import { type AlertSettings, alertPolicies } from '../src/queue/alert-intake.js';
import { diagnoseJob, failRun } from './diagnose.js';
import { handingBack } from './hand-back.js';
import { remediateJob } from './remediate.js';
import type { RemediateNeeds } from './remediate-needs.js';
import { postJob } from './post.js';
import { SWEEP_EVERY_MS, sweepJob } from './sweep.js';

type Needs = {
  settings: QueueSettings;
  store: Store;
  queues: Queues;
  inventory: Inventory;
  diagnose: Diagnose;
  poster: Poster;
  logger: Logger;
  /** What makes changes; left out, this worker makes none. */
  remediate?: Pick<RemediateNeeds, 'connector' | 'network' | 'digest' | 'ledgerFolder'>;
  /** Diagnoses at the same time. */
  concurrency?: number;
  alerts?: AlertSettings;
  /** For tests: how often lost work is looked for. */
  sweepEveryMs?: number;
};
export type RunningWorker = { close(graceMs: number): Promise<void> };

/**
 * A killed worker's job is taken up by another one within 20 s: BullMQ's own settings take a minute. One that ends its
 * worker each time is given up after the sixth; workers that end for reasons of their own are not counted apart.
 */
const TAKEN_UP_SOON: WorkerRules = { lockDuration: 10_000, stalledInterval: 5_000, maxStalledCount: 5 };
const POSTS_AT_ONCE = 8;

/** A job whose worker went away is not begun again: it fails, and the sweeper finds out what became of the change. */
const NEVER_AGAIN: WorkerRules = { lockDuration: 60_000, stalledInterval: 15_000, maxStalledCount: 0 };
const CHANGES_AT_ONCE = 4;

/** Left for handing back what does not end by itself. */
const HAND_BACK_MS = 3_000;

export function startWorker(needs: Needs): RunningWorker {
  const { settings, queues, logger, concurrency = 4, sweepEveryMs = SWEEP_EVERY_MS } = needs;
  const { alerts = { lookAgainMinutes: 15 }, inventory } = needs;
  const backend = queueBackend(settings);
  const stopping = new AbortController();

  const open = (name: QueueName, processor: Processor<unknown, void>, concurrentJobs: number): AnyWorker => {
    const rules = { ...TAKEN_UP_SOON, concurrency: concurrentJobs };
    const worker = backend.openWorker(name, handingBack(processor, stopping.signal), rules);
    watch(worker, logger.child({ queue: name }));
    return worker;
  };
  const dues = { policyOf: alertPolicies(inventory, alerts), opsChannel: alerts.opsChannel ?? null };
  const diagnose = open('diagnose', diagnoseJob({ ...needs, concurrency }), concurrency);
  const workers = [
    diagnose,
    open('post', postJob(needs), POSTS_AT_ONCE),
    open('sweep', sweepJob({ ...needs, makesChanges: needs.remediate !== undefined, alerts: dues }), 1),
  ];
  if (needs.remediate !== undefined) {
    const rules = { ...NEVER_AGAIN, concurrency: CHANGES_AT_ONCE };
    const changes = backend.openWorker('remediate', remediateJob({ ...needs, ...needs.remediate }), rules);
    watch(changes, logger.child({ queue: 'remediate' }));
    workers.push(changes);
  }

  diagnose.on('failed', (job, error) => {
    if (job === undefined || !isLast(job, error)) return;
    failRun(needs, job.data, error).catch((cause: unknown) =>
      logger.error({ err: cause }, 'a failed run is not marked yet: the sweeper brings it back'),
    );
  });
  const schedule = keepScheduled(queues, sweepEveryMs, logger);

  return {
    close: async (graceMs) => {
      clearInterval(schedule);
      const closed = Promise.all(workers.map((worker) => worker.close()));
      const handBackAfterMs = Math.max(graceMs - HAND_BACK_MS, graceMs / 2);
      if (await within(handBackAfterMs, closed)) return;
      stopping.abort(new Error('this worker is stopping'));
      for (const worker of workers) worker.cancelAllJobs('this worker is stopping');
      // With Redis down `close` never ends: then the lock of what is left expires and another worker takes it up.
      if (!(await within(graceMs - handBackAfterMs, closed))) logger.warn('stopped with work in hand');
    },
  };
}

function watch(worker: AnyWorker, logger: Logger): void {
  worker.on(
    'error',
    calmly((error) => logger.error({ err: error }, 'the queue has trouble')),
  );
  worker.on('failed', (job, error) => logger.warn({ err: error, job: job?.id }, 'a job failed'));
  worker.on('stalled', (job) => logger.warn({ job }, 'a job of a worker that went away is taken up'));
  // Another worker may have the job by now: what still runs here must stop before its next effect.
  worker.on('lockRenewalFailed', (jobs) => {
    for (const job of jobs) worker.cancelJob(job, 'the lock was lost');
  });
  worker.waitUntilReady().catch((error: unknown) => {
    // BullMQ would answer every later call with this same error: only a new process helps.
    queueMicrotask(() => {
      throw new Error('a worker could not start', { cause: error });
    });
  });
}

const isLast = (job: Job<unknown>, error: Error): boolean =>
  error instanceof UnrecoverableError || job.attemptsMade >= (job.opts.attempts ?? 1);

/** Redis may forget the schedule with everything else, so it is looked after for as long as the worker lives. */
function keepScheduled(queues: Queues, everyMs: number, logger: Logger): NodeJS.Timeout {
  const warn = calmly((error) => logger.warn({ err: error }, 'the sweeper is not scheduled'));
  const ensure = (): void => {
    queues.scheduleSweep(everyMs).catch(warn);
  };
  ensure();
  return setInterval(ensure, everyMs);
}

async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

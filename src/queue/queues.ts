import type { JobsOptions } from 'bullmq';
import type { Message } from '../model/incident.js';
import type { RemediationState } from '../model/remediation.js';
import { type AnyQueue, queueBackend, type QueueSettings } from './backend.js';
import type { QueueName } from './names.js';
import type { DiagnosePayload, PostPayload, RemediatePayload } from './payloads.js';
import { type Producer, openProducer } from './producer.js';

export type { QueueSettings } from './backend.js';

/** A person who waits comes before an alert. Smaller comes first. */
export type Priority = 'person' | 'alert';
export const PRIORITIES: Record<Priority, number> = { person: 1, alert: 10 };

/** All of it may be called again for the same work: while a job is there, a second one is not made. */
export type Queues = {
  /** What is named when it does not answer. */
  readonly label: 'Redis' | 'the database';
  enqueueDiagnose(runId: string, options?: { priority?: Priority }): Promise<void>;
  /** A person waits for a run that an alert has queued. */
  raiseDiagnose(runId: string): Promise<void>;
  enqueuePost(message: Pick<Message, 'id' | 'revision'>): Promise<void>;
  /** One job a state: that of a worker which was killed stays for a minute, and must not hide the one that looks into it. */
  enqueueRemediate(payload: RemediatePayload, state: RemediationState): Promise<void>;
  /** Makes sure that the sweeper's schedule exists: who loses its queue loses the schedule with it. */
  scheduleSweep(everyMs: number): Promise<void>;
  /** Rejects when the queue does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
};

/** Done jobs are not kept: a kept one would hide a second job with its id, and the store has what happened. */
const GONE_WHEN_DONE = { removeOnComplete: true, removeOnFail: true } satisfies JobsOptions;

/** Reading from hosts may be repeated; the first error is often a worker that lost its database for a moment. */
const DIAGNOSE = {
  ...GONE_WHEN_DONE,
  attempts: 3,
  backoff: { type: 'exponential', delay: 1_000 },
} satisfies JobsOptions;

/** After the last attempt the sweeper brings it back. */
const POST = {
  ...GONE_WHEN_DONE,
  attempts: 5,
  backoff: { type: 'exponential', delay: 500 },
} satisfies JobsOptions;

/** One attempt, whatever becomes of it: no machine begins a change a second time. */
const REMEDIATE = { ...GONE_WHEN_DONE, attempts: 1 } satisfies JobsOptions;

const SWEEP = { name: 'sweep', opts: { ...GONE_WHEN_DONE, attempts: 1 } };

export function openQueues(
  settings: QueueSettings,
  onError: (error: Error) => void = () => undefined,
): Queues {
  const backend = queueBackend(settings);
  const open = (name: QueueName): Producer => openProducer(() => backend.openQueue(name), onError);
  const [diagnose, post, remediate, sweep] = [
    open('diagnose'),
    open('post'),
    open('remediate'),
    open('sweep'),
  ];

  return {
    label: backend.label,
    enqueueDiagnose: async (runId, { priority = 'person' } = {}) => {
      const payload: DiagnosePayload = { runId };
      await diagnose.use((queue) =>
        queue.add('diagnose', payload, { ...DIAGNOSE, jobId: runId, priority: PRIORITIES[priority] }),
      );
    },
    raiseDiagnose: (runId) => diagnose.use((queue) => raise(queue, runId)),
    enqueuePost: async ({ id, revision }) => {
      const payload: PostPayload = { messageId: id };
      await post.use((queue) => queue.add('post', payload, { ...POST, jobId: `${id}-${revision}` }));
    },
    enqueueRemediate: async (payload, state) => {
      await remediate.use((queue) =>
        queue.add('remediate', payload, { ...REMEDIATE, jobId: `${payload.remediationId}-${state}` }),
      );
    },
    scheduleSweep: (everyMs) => sweep.use((queue) => scheduleSweep(queue, everyMs)),
    ping: async () => {
      await diagnose.use((queue) => queue.getJobCounts('active'));
    },
    close: async () => {
      await Promise.all([diagnose.close(), post.close(), remediate.close(), sweep.close()]);
    },
  };
}

/** Nothing to do where it runs already or is through. */
async function raise(queue: AnyQueue, jobId: string): Promise<void> {
  const job = await queue.getJob(jobId);
  if (job === undefined) return;
  await job.changePriority({ priority: PRIORITIES.person });
  if (await job.isDelayed()) await job.promote();
}

async function scheduleSweep(queue: AnyQueue, everyMs: number): Promise<void> {
  const schedule = await queue.getJobScheduler('sweep');
  const alive = schedule?.every === everyMs && (schedule.next ?? 0) > Date.now() - 3 * everyMs;
  if (!alive) await queue.upsertJobScheduler('sweep', { every: everyMs }, SWEEP);
}

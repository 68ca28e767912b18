import { DelayedError, type Processor } from 'bullmq';
import { parsePayload, PostPayload } from '../src/queue/payloads.js';
import type { Poster } from '../src/slack/poster.js';

/** Brings one message of the outbox to Slack. What cannot be posted yet waits without using up an attempt. */
export function postJob({ poster }: { poster: Poster }): Processor<unknown, void> {
  return async (job, token, cancelled) => {
    const { messageId } = parsePayload(PostPayload, job.data);
    const outcome = await poster.post(messageId, cancelled ?? new AbortController().signal);
    if (outcome.done) return;
    await job.moveToDelayed(Date.now() + outcome.retryAfterMs, token);
    throw new DelayedError(outcome.reason);
  };
}

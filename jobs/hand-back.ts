import { DelayedError, type Processor, WaitingError } from 'bullmq';

/**
 * A job that is cut off because this process stops goes back to its queue at once and costs no attempt: another worker
 * has it within a second, not after the lock has expired.
 */
export function handingBack(
  processor: Processor<unknown, void>,
  stopping: AbortSignal,
): Processor<unknown, void> {
  // BullMQ gives a signal only to functions that declare three parameters.
  return async (job, token, signal) => {
    try {
      await processor(job, token, signal);
    } catch (error) {
      if (!stopping.aborted || error instanceof DelayedError) throw error;
      await job.moveToWait(token);
      throw new WaitingError();
    }
  };
}

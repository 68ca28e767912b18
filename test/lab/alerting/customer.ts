import { setTimeout as sleep } from 'node:timers/promises';

const PAUSE_MS = 200;
const PATIENCE_MS = 5_000;

/** `status` 0: no answer. */
type Answered = { at: number; status: number };

/** Somebody who asks all the time, and knows what the answer was at any moment. */
export function startCustomer(url: string) {
  const answers: Answered[] = [];
  let stopped = false;
  const work = async (): Promise<void> => {
    while (!stopped) {
      const status = await statusOf(url);
      answers.push({ at: Date.now(), status });
      await sleep(PAUSE_MS);
    }
  };
  const done = work();
  return {
    /** When one of these statuses was first seen after a moment. */
    firstSince: (since: number, statuses: readonly number[]): number | null =>
      answers.find(({ at, status }) => at >= since && statuses.includes(status))?.at ?? null,
    /** Since when it has been 200 and nothing else; null: the last answer was another. */
    wellSince: (): number | null => {
      const lastBad = answers.findLastIndex(({ status }) => status !== 200);
      return answers[lastBad + 1]?.at ?? null;
    },
    stop: async () => {
      stopped = true;
      await done;
    },
  };
}

const statusOf = (url: string): Promise<number> =>
  fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS), headers: { connection: 'close' } }).then(
    async (response) => {
      await response.arrayBuffer();
      return response.status;
    },
    () => 0,
  );

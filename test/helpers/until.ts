import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again until the answer is a yes; fails with `what` after `ms`. */
export async function until(what: string, ask: () => unknown, ms = 20_000): Promise<void> {
  const deadline = Date.now() + ms;
  while (!(await ask())) {
    if (Date.now() > deadline) throw new Error(`not within ${ms} ms: ${what}`);
    await sleep(50);
  }
}

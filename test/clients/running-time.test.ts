import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { withDeadline } from '../../src/clients/deadline.js';
import { runningNow } from '../../src/clients/running-time.js';

const block = (ms: number): void => {
  const until = performance.now() + ms;
  while (performance.now() < until);
};

describe('the clock of a process that does not get to run', () => {
  it('stands, and never goes back', async () => {
    const start = runningNow();
    await sleep(50);
    block(1500);
    const during = runningNow();
    await sleep(150);
    const after = runningNow();
    expect(during - start).toBeLessThan(500);
    expect(after).toBeGreaterThanOrEqual(during);
    expect(after - start).toBeGreaterThan(100);
  });

  it('never goes back while a tick becomes late', () => {
    const until = performance.now() + 400;
    let before = runningNow();
    while (performance.now() < until) {
      const now = runningNow();
      expect(now - before).toBeGreaterThan(-0.001);
      before = now;
    }
  });

  it('gives what was called the time it was promised', async () => {
    const answer = withDeadline(600, new AbortController().signal, async () => {
      await sleep(100);
      block(1000);
      await sleep(100);
      return 'answered';
    });
    await expect(answer).resolves.toBe('answered');
  });

  it('still ends what does not answer', async () => {
    const silent = withDeadline(200, new AbortController().signal, () =>
      sleep(60_000, undefined, { ref: false }),
    );
    await expect(silent).rejects.toThrow('no answer within 200 ms');
  });
});

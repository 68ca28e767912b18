import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { oneASecond } from '../../jobs/one-a-second.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const unexpected = (error: unknown): void => expect.unreachable(String(error));

it('hands on the first at once and then the latest of each second', async () => {
  const seen: number[] = [];
  const { report } = oneASecond<number>(async (value) => void seen.push(value), unexpected);
  for (let i = 0; i < 25; i++) {
    report(i);
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(seen[0]).toBe(0);
  expect(seen).toHaveLength(3);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(seen.at(-1)).toBe(24);
});

it('hands on nothing after its end, which waits for the one under way', async () => {
  let done = 0;
  const work = async (): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    done += 1;
  };
  const { report, end } = oneASecond(work, unexpected);
  report(1);
  await vi.advanceTimersByTimeAsync(10);
  report(2);
  const ended = end();
  await vi.advanceTimersByTimeAsync(60);
  await ended;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(done).toBe(1);
});

it('goes on after an error', async () => {
  const errors: unknown[] = [];
  const failing = async (): Promise<void> => Promise.reject(new Error('no database'));
  const { report } = oneASecond(failing, (error) => errors.push(error));
  report(1);
  await vi.advanceTimersByTimeAsync(1_000);
  report(2);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(errors).toHaveLength(2);
});

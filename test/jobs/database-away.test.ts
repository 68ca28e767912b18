import { DelayedError } from 'bullmq';
import { expect, it, vi } from 'vitest';
import { diagnoseJob, type DiagnoseNeeds } from '../../jobs/diagnose.js';

const broken = new Error('connect ECONNREFUSED');

/** A run whose first statement fails, with a database that answers a moment later or does not. */
function attempt(ping: () => Promise<void>, timestamp = Date.now()) {
  const moveToDelayed = vi.fn(() => Promise.resolve());
  const store = { ping, runs: { start: () => Promise.reject(broken) } };
  const needs = { store, logger: { warn: () => undefined } } as unknown as DiagnoseNeeds;
  const job = { data: { runId: crypto.randomUUID() }, priority: 1, timestamp, moveToDelayed };
  return { moveToDelayed, made: diagnoseJob(needs)(job as never, 'token', undefined) };
}

it('a run costs no attempt while the database is away, for an hour', async () => {
  const { made, moveToDelayed } = attempt(() => Promise.reject(broken));
  await expect(made).rejects.toBeInstanceOf(DelayedError);
  expect(moveToDelayed).toHaveBeenCalledOnce();
});

it('a run that fails beside a database that answers has failed', async () => {
  const { made, moveToDelayed } = attempt(() => Promise.resolve());
  await expect(made).rejects.toBe(broken);
  expect(moveToDelayed).not.toHaveBeenCalled();
});

it('a run of hours ago is given up', async () => {
  await expect(attempt(() => Promise.reject(broken), Date.now() - 7_200_000).made).rejects.toBe(broken);
});

import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BackendKind, onBothBackends } from '../helpers/backbone.js';
import { until } from '../helpers/until.js';
import { type Bench, openBench } from './bench.js';
import type { Product } from './product.js';

/** The promise is 20 s; looking at `slow-shop` takes 5 s on top, twice that on a loaded machine. */
const TAKEN_UP_MS = 30_000;
const DIAGNOSING = '"diagnosing"';

let bench: Bench;
afterEach(() => bench.close());

const isAtWork = (worker: Product): boolean => worker.output().includes(DIAGNOSING);

/** Late posts would be a second verdict. */
async function expectOneVerdict(): Promise<void> {
  await bench.untilVerdicts(1, 'slow-shop', TAKEN_UP_MS);
  await sleep(1_500);
  expect(bench.headlines()).toHaveLength(1);
  expect(bench.cards()).toHaveLength(1);
  expect(bench.headlines()[0]?.text).toContain('*slow-shop* answers 503');
}

onBothBackends('bot and two workers as three processes, queues', (queue: BackendKind) => {
  let workers: Product[];
  beforeEach(async () => {
    bench = await openBench({ queue });
    const [, ...started] = await Promise.all([
      bench.startListening('bot'),
      bench.startWorker(),
      bench.startWorker(),
    ]);
    workers = started;
    void bench.command('slow-shop');
    await until('a worker is at work', () => workers.some(isAtWork));
  });
  const atWork = (): Product => workers.find(isAtWork)!;

  it('the one at work is killed: the other has the verdict in the thread, once', async () => {
    const killed = performance.now();
    atWork().kill('SIGKILL');
    await expectOneVerdict();
    console.log(`${queue}: verdict ${Math.round(performance.now() - killed - 1_500)} ms after the kill`);
    expect(workers.every(isAtWork)).toBe(true);
  });

  // The rest does not depend on the backend, and each start takes seconds.
  if (queue !== 'PostgreSQL') return;

  it('the one at work is asked to stop: it ends in order, and the verdict arrives once', async () => {
    const stopped = atWork();
    stopped.kill('SIGTERM');
    expect(await stopped.exit).toBe(0);
    await expectOneVerdict();
  });
});

describe('diag503 start in mid-run', () => {
  beforeEach(async () => {
    bench = await openBench();
  });

  it('ends at once at the second signal, and its successor has the verdict, once', async () => {
    const first = await bench.startListening('start');
    void bench.command('slow-shop');
    await first.says(DIAGNOSING);
    first.kill('SIGTERM');
    await first.says('once more ends at once');
    const forced = performance.now();
    first.kill('SIGTERM');
    expect(await first.exit).toBe(1);
    expect(performance.now() - forced).toBeLessThan(1_000);
    await bench.startListening('start');
    await expectOneVerdict();
  });
});

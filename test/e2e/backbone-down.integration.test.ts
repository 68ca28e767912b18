import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { type RunningPostgres, startPostgres } from '../../src/store/embedded-postgres.js';
import { until } from '../helpers/until.js';
import { freePort } from '../servers/free-port.js';
import { needs } from '../servers/require-server.js';
import { ANA, BEN, type Bench, openBench, service } from './bench.js';

/** What is not taken must be said by then. */
const ANSWER_MS = 2_500;
/** Longer than the sweeper waits, which brings back whatever is owed. */
const SWEPT_MS = 12_000;

let bench: Bench;
afterEach(() => bench.close());

/** A command while something is down: refused in private, in time, and with words on what to do. */
async function expectRefusal(user: string, what: string): Promise<void> {
  const asked = performance.now();
  await bench.command('shop', user);
  await until('a private answer', () => bench.told(user).length > 0);
  const ms = Math.round(performance.now() - asked);
  console.log(`refused after ${ms} ms: ${what}`);
  const [answer = ''] = bench.told(user);
  expect(answer).toContain(`Nothing was started. ${what} is not answering`);
  expect(answer).toMatch(/try again in a minute.*diag503 run shop/);
  expect(ms).toBeLessThan(ANSWER_MS);
}

/** It is well again: no run of those that were refused starts, and the next command works. */
async function expectOnlyNewRuns(): Promise<void> {
  await sleep(SWEPT_MS);
  expect(bench.headlines('shop')).toEqual([]);
  await bench.command('shop');
  await bench.untilVerdicts(1, 'shop');
  expect(bench.headlines('shop')).toHaveLength(1);
  expect(bench.cards('shop')).toHaveLength(1);
}

describe.skipIf(!needs('redis-server'))('Redis down at the moment of the command', () => {
  it('is told in private, hanging or gone, and nothing starts later', async () => {
    bench = await openBench({ queue: 'Redis' });
    const product = await bench.startListening('start');
    const redis = bench.redis();
    redis.freeze();
    await expectRefusal(ANA, 'Redis');
    redis.thaw();
    await redis.kill();
    await expectRefusal(BEN, 'Redis');
    await redis.start();
    await expectOnlyNewRuns();
    expect(product.child.exitCode).toBeNull();
  });
});

describe('the database down at the moment of the command', () => {
  it('is told in private, and nothing starts later', async () => {
    const dataDir = await mkdtemp(path.join(tmpdir(), 'diag503-e2e-database-'));
    const port = await freePort();
    const start = (): Promise<RunningPostgres> =>
      startPostgres({ dataDir, settings: { listen_addresses: '127.0.0.1', port, fsync: 'off' } });
    let database = await start();
    try {
      bench = await openBench({
        databaseUrl: `postgres://diag503@127.0.0.1:${port}/postgres`,
        inventory: (sick) => `services:\n${service('shop', sick)}\n${service('stock', sick)}\n`,
      });
      const product = await bench.startListening('start');
      await bench.command('stock'); // all is well before, in worker and queue
      await bench.untilVerdicts(1, 'stock');
      await database.stop();
      await expectRefusal(ANA, 'The database');
      database = await start();
      await expectOnlyNewRuns();
      expect(product.child.exitCode).toBeNull();
    } finally {
      await database.stop();
      await rm(dataDir, { recursive: true });
    }
  });
});

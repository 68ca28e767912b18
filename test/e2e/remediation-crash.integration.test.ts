import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SickService, startSickService } from '../../demo/sick-service/start.js';
import { until } from '../helpers/until.js';
import { ANA, type Bench, CHANNEL, openBench, wordsOf } from './bench.js';
import type { Product } from './product.js';

/** The promise: within a minute the thread says what became of it. */
const TOLD_WITHIN_MS = 60_000;

describe('a worker that is killed in the middle of a change', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'diag503-crash-'));
  const file = path.join(folder, 'effects');
  let sick: SickService;
  let bench: Bench;
  let workers: Product[];

  beforeAll(async () => {
    sick = await startSickService(folder);
    const command = JSON.stringify(['/bin/sh', '-c', 'printf x >>"$0"; sleep 2', file]);
    const inventory = `services:
  shop:
    hosts: [local]
    health: ${sick.health}
    url: ${sick.health}
    database: { kind: postgres, url: "\${SHOP_DB_URL}" }
    remediations:
      run-command: { allow: [operator], command: ${command}, title: Count, effect: Counts., causes: [database-connections] }
roles:
  operator: { users: [${ANA}] }
`;
    const env = { SHOP_DB_URL: sick.databaseUrl, HOME: folder };
    bench = await openBench({ inventory: () => inventory, env });
    [, ...workers] = await Promise.all([
      bench.startListening('bot'),
      bench.startWorker(),
      bench.startWorker(),
    ]);
    await sick.forget();
    await bench.command('shop');
    await bench.untilVerdicts(1);
  });
  afterAll(async () => {
    await bench.close();
    await sick.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const effects = (): number => (existsSync(file) ? readFileSync(file, 'utf8').length : 0);
  const thread = () => bench.slack.control.thread(CHANNEL, bench.headlines()[0]?.ts ?? '');

  it('leaves one effect; the other worker finds out and tells, and begins nothing again', async () => {
    const { ts } = bench.cards()[0]!;
    await bench.slack.control.press({ user: ANA, channel: CHANNEL, ts, actionId: 'remediate' });
    await until('the effect has begun', () => effects() === 1, 20_000);
    const killed = performance.now();
    workers.find((worker) => worker.output().includes('"state":"requested"'))!.kill('SIGKILL');
    // Until it is known the message says "not known yet".
    const told = () =>
      thread().find((message) => /did not help|is back|not done|not known\*/.test(wordsOf(message)));
    await until('the thread says what became of it', () => told() !== undefined, TOLD_WITHIN_MS * 2);
    console.log(`told ${Math.round((performance.now() - killed) / 1_000)} s after the kill: ${told()!.text}`);
    expect(told()!.text).toContain('did not help'); // it was done, and a counter heals nothing
    expect(wordsOf(told()!)).toContain('exit status 0');
    expect(effects()).toBe(1);
  }, 150_000);
});

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRequestRun } from '../../src/queue/request-run.js';
import { type Backbone, type BackendKind, onBothBackends, openTestBackbone } from '../helpers/backbone.js';
import { service } from '../helpers/service.js';
import { until } from '../helpers/until.js';
import type { WorkerProcess } from '../helpers/worker-process.js';
import { needs } from '../servers/require-server.js';

let backbone: Backbone;
let folder: string;
let children: ChildProcess[] = [];
const SERVICES = ['api-1', 'api-2', 'api-3', 'api-4', 'api-5', 'api-6'];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'diag503-lost-'));
  writeFileSync(path.join(folder, 'log'), '');
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  children = [];
  await backbone.close();
  rmSync(folder, { recursive: true });
});

const lines = (part: string): string[] =>
  readFileSync(path.join(folder, 'log'), 'utf8')
    .split('\n')
    .filter((line) => line.includes(part));

/** A real process: what SIGKILL leaves behind is only what the servers have. */
async function spawnWorker(runMs: number): Promise<ChildProcess> {
  const before = lines('ready').length;
  const settings: WorkerProcess = {
    settings: backbone.settings,
    file: path.join(folder, 'log'),
    services: SERVICES,
    runMs,
  };
  const script = path.join(import.meta.dirname, '../helpers/worker-process.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, JSON.stringify(settings)], {
    stdio: 'inherit',
  });
  children.push(child);
  await until('the worker is ready', () => lines('ready').length > before, 30_000);
  return child;
}

const request = (name: string) =>
  createRequestRun(backbone)({
    service: service(name),
    channel: 'C0OPS',
    origin: { kind: 'slash', user: 'U0ANA' },
  });
const states = async () =>
  (await backbone.database.query('SELECT state FROM diag503.run')).map(({ state }) => state);
const allPosted = async () => {
  // First the runs: with the end of a run its verdict is owed.
  if ((await states()).some((state) => state !== 'finished')) return false;
  const owed = await backbone.database.query(
    'SELECT id FROM diag503.message WHERE posted_revision IS DISTINCT FROM revision',
  );
  return owed.length === 0;
};

onBothBackends('a worker that is killed in mid-run', (kind: BackendKind) => {
  it('loses nothing: another process takes the run up within 20 s and posts it once', async () => {
    backbone = await openTestBackbone(kind);
    const first = await spawnWorker(60_000);
    await request('api-1');
    await until('started', () => lines('started').length === 1);
    await spawnWorker(500);
    first.kill('SIGKILL');
    const killed = performance.now();
    await until('taken up', () => lines('started').length === 2, 30_000);
    expect(performance.now() - killed).toBeLessThan(20_000);
    await until('posted', allPosted);
    expect(lines('posted verdict')).toHaveLength(1);
  });
});

describe.skipIf(!needs('redis-server'))('a Redis that', () => {
  it('is killed and comes back has lost nothing', async () => {
    backbone = await openTestBackbone('Redis');
    await spawnWorker(300);
    for (const name of SERVICES) {
      await request(name);
      if (name === 'api-3') {
        await backbone.redis.kill();
        await sleep(300);
        await backbone.redis.start();
        await until('reachable', () =>
          backbone.queues.ping().then(
            () => true,
            () => false,
          ),
        );
      }
    }
    await until('all posted', allPosted, 40_000);
    expect(lines('posted verdict')).toHaveLength(SERVICES.length);
  });

  it('forgets everything delays the work and loses none of it', async () => {
    backbone = await openTestBackbone('Redis');
    for (const name of SERVICES) await request(name);
    await backbone.redis.command('FLUSHALL');
    await spawnWorker(300);
    await backbone.redis.command('FLUSHALL');
    await until('all posted', allPosted, 40_000);
    expect(lines('posted verdict')).toHaveLength(SERVICES.length);
  });

  it('hangs for a while goes on with what it had', async () => {
    backbone = await openTestBackbone('Redis');
    await spawnWorker(1_000);
    for (const name of SERVICES) await request(name);
    backbone.redis.freeze();
    await sleep(6_000);
    backbone.redis.thaw();
    await until('all posted', allPosted, 40_000);
    expect(lines('posted verdict')).toHaveLength(SERVICES.length);
  });
});

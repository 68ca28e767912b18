import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import { type RunningWorker, startWorker } from '../../jobs/worker.js';
import type { Diagnose } from '../../src/diagnosis/diagnose.js';
import { createRequestRun, type RequestRun } from '../../src/queue/request-run.js';
import { type Backbone, onBothBackends, openTestBackbone } from '../helpers/backbone.js';
import { fakePoster, type Post } from '../helpers/fake-poster.js';
import { runDocument } from '../helpers/run-document.js';
import { inventoryOf, service } from '../helpers/service.js';
import { until } from '../helpers/until.js';
import { needs } from '../servers/require-server.js';

let backbone: Backbone;
let workers: RunningWorker[] = [];
let posts: Post[] = [];
let requestRun: RequestRun;

afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.close(2_000)));
  workers = [];
  await backbone.close();
});

async function open(kind: Parameters<typeof openTestBackbone>[0]): Promise<void> {
  backbone = await openTestBackbone(kind);
  requestRun = createRequestRun(backbone);
  posts = [];
}

function work(diagnose: Diagnose): RunningWorker {
  const { settings, store, queues } = backbone;
  const worker = startWorker({
    settings,
    store,
    queues,
    diagnose,
    inventory: inventoryOf(service()),
    poster: fakePoster(store, (post) => posts.push(post)),
    logger: pino({ level: 'silent' }),
    sweepEveryMs: 1_000,
  });
  workers.push(worker);
  return worker;
}

const ask = (name = 'api-prod') =>
  ({ service: service(name), channel: 'C0OPS', origin: { kind: 'slash', user: 'U0ANA' } }) as const;
const answer = { document: runDocument(), readings: [] };
const quick: Diagnose = async () => answer;
const state = async (runId: string) => (await backbone.store.runs.get(runId))?.state;
const verdicts = () => posts.filter(({ kind }) => kind === 'verdict');
const nothingOwed = async () => {
  const owed = await backbone.database.query(
    `SELECT id FROM diag503.message WHERE posted_revision IS DISTINCT FROM revision`,
  );
  return owed.length === 0;
};

onBothBackends('the worker', (kind) => {
  it('diagnoses, shows progress at most once a second, and posts the verdict once', async () => {
    await open(kind);
    work(async (_service, { onProgress }) => {
      for (let done = 1; done <= 30; done++) {
        onProgress?.({ hosts: 3, done, total: 30 });
        await sleep(50);
      }
      return answer;
    });
    const { run } = await requestRun(ask());
    await until('finished and posted', async () => verdicts().length > 0 && (await nothingOwed()));
    expect(await state(run.id)).toBe('finished');
    const headline = await backbone.store.messages.headlineOf(run.incidentId);
    expect(headline!.revision).toBeGreaterThanOrEqual(2);
    expect(headline!.revision).toBeLessThanOrEqual(4);
    expect(verdicts()).toHaveLength(1);
  });

  it('tries again after an error, and ends the run visibly after the third', async () => {
    await open(kind);
    let attempts = 0;
    work(async () => {
      attempts += 1;
      throw new Error('the disk of the worker is full');
    });
    const { run } = await requestRun(ask());
    await until('failed', async () => (await state(run.id)) === 'failed' && (await nothingOwed()), 30_000);
    expect(attempts).toBe(3);
    expect((await backbone.store.runs.get(run.id))?.error).toBe('the disk of the worker is full');
    expect(posts.at(-1)?.kind).toBe('headline');
  });

  it('ends a run of a service that its inventory does not have, at once', async () => {
    await open(kind);
    work(quick);
    const { run } = await requestRun(ask('unheard-of'));
    await until('failed', async () => (await state(run.id)) === 'failed');
    expect((await backbone.store.runs.get(run.id))?.error).toContain('unheard-of is not in the inventory');
  });

  it('never starts what was refused', async () => {
    await open(kind);
    let diagnoses = 0;
    work(async () => {
      diagnoses += 1;
      return answer;
    });
    const { run } = await backbone.store.runs.accept({ ...ask(), service: 'api-prod' });
    await backbone.store.runs.refuse(run.id);
    await backbone.queues.enqueueDiagnose(run.id);
    await sleep(1_500);
    expect(diagnoses).toBe(0);
    expect(posts).toEqual([]);
  });

  it('finds a run whose job never reached the queue', async () => {
    await open(kind);
    const { run } = await backbone.store.runs.accept({ ...ask(), service: 'api-prod' });
    work(quick);
    await until('swept', async () => (await state(run.id)) === 'finished' && (await nothingOwed()));
    expect(verdicts()).toHaveLength(1);
  });

  it('hands its work back when it stops, and another worker does it', async () => {
    await open(kind);
    let started = 0;
    const hanging: Diagnose = (_service, { signal }) => {
      started += 1;
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('stopped')));
      });
    };
    const first = work(hanging);
    const { run } = await requestRun(ask());
    await until('started', () => started === 1);
    await first.close(4_000);
    workers = [];
    const handedBack = performance.now();
    work(quick);
    await until(
      'finished elsewhere',
      async () => (await state(run.id)) === 'finished' && (await nothingOwed()),
    );
    expect(performance.now() - handedBack).toBeLessThan(5_000);
    expect(verdicts()).toHaveLength(1);
  });

  it('lets what ends in time end before it stops', async () => {
    await open(kind);
    let started = 0;
    const worker = work(async () => {
      started += 1;
      await sleep(1_000);
      return answer;
    });
    const { run } = await requestRun(ask());
    await until('started', () => started === 1);
    await worker.close(10_000);
    workers = [];
    expect(await state(run.id)).toBe('finished');
  });
});

describe.skipIf(!needs('redis-server'))('a worker whose Redis is down', () => {
  it('stops within its grace all the same', async () => {
    await open('Redis');
    const worker = work(quick);
    await requestRun(ask());
    await until('posted', async () => verdicts().length > 0 && (await nothingOwed()));
    await backbone.redis.kill();
    const stopping = performance.now();
    await worker.close(3_000);
    workers = [];
    expect(performance.now() - stopping).toBeLessThan(4_000);
  });
});

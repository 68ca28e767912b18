import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { diagnoseJob } from '../../jobs/diagnose.js';
import { remediateJob } from '../../jobs/remediate.js';
import type { RemediateNeeds } from '../../jobs/remediate-needs.js';
import { sweepJob } from '../../jobs/sweep.js';
import { createConnector } from '../../src/clients/connector.js';
import { localConnection } from '../../src/clients/local-shell.js';
import { workerNetwork } from '../../src/clients/worker-network.js';
import { createDiagnose } from '../../src/diagnosis/diagnose.js';
import type { Plan } from '../../src/model/plan.js';
import type { Outcome } from '../../src/model/remediation.js';
import { RemediationRule } from '../../src/model/service.js';
import type { RemediatePayload } from '../../src/queue/payloads.js';
import { remediateDigest } from '../../src/queue/remediate-digest.js';
import { createRequestRemediation } from '../../src/queue/request-remediation.js';
import { serviceDigest } from '../../src/remediations/define-remediation.js';
import { askLedger } from '../../src/remediations/host-ledger.js';
import { type Backbone, openTestBackbone } from '../helpers/backbone.js';
import { plan as planOf } from '../helpers/plan.js';
import { runDocument } from '../helpers/run-document.js';
import { inventoryOf, service as serviceOf } from '../helpers/service.js';

const digest = remediateDigest('xoxb-the-token');
const connector = createConnector({ hosts: new Map() });
const logger = pino({ level: 'silent' });
let backbone: Backbone;
let folder: string;
let health: Server;
let port = 0;
let services = 0;

beforeAll(async () => {
  backbone = await openTestBackbone('PostgreSQL');
  health = createServer((_request, response) => response.end());
  await new Promise<void>((resolve) => health.listen(0, '127.0.0.1', resolve));
  const address = health.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
afterAll(async () => {
  expect(await backbone.store.audit.verify()).toBeNull();
  health.close();
  await backbone.close();
});
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'diag503-safety-'));
  return () => rmSync(folder, { recursive: true, force: true });
});

/** Asked for as a person does it, with the jobs that the bot puts on the queue. */
async function asked(fields: { script?: string; secrets?: string[] } = {}) {
  const argv = ['/bin/sh', '-c', fields.script ?? 'printf x >>"$0"', path.join(folder, 'effects')];
  const rule = RemediationRule.parse({
    ...{ allow: ['a'], command: argv, effect: 'E', title: 'T', causes: ['overload'] },
    ...{ coolDownMinutes: 0, perDay: 9 },
  });
  const url = `http://127.0.0.1:${port}/`;
  const service = serviceOf(`api-${++services}`, {
    ...{ health: url, url, remediations: { 'run-command': rule } },
  });
  const plan: Plan = planOf({
    remediation: 'run-command',
    steps: [{ kind: 'command', host: 'local', argv, asRoot: false, expect: null }],
    fingerprint: {},
    serviceDigest: serviceDigest(service),
  });
  const { store, queues } = backbone;
  const by = { channel: 'C0', origin: { kind: 'slash', user: 'U0ANA' } } as const;
  const { run } = await store.runs.accept({ service: service.name, ...by });
  await store.runs.start(run.id);
  const offers = [{ plan, approvalsNeeded: 0 }];
  await store.runs.finish(run.id, { document: runDocument(), readings: [], offers });
  const [offered] = await store.remediations.ofRun(run.id);
  const inventory = { ...inventoryOf(service), secrets: fields.secrets ?? [] };
  const jobs: RemediatePayload[] = [];
  const recording = {
    ...queues,
    enqueuePost: () => Promise.resolve(),
    enqueueDiagnose: () => Promise.resolve(), // the test runs it itself
    enqueueRemediate: (payload: RemediatePayload) => Promise.resolve(void jobs.push(payload)),
  };
  const requests = createRequestRemediation({
    store,
    queues: recording,
    inventory,
    digest,
    onError: () => undefined,
  });
  await requests.request({ remediation: offered!, user: 'U0ANA', role: 'a', channel: 'C0' });
  const needs: RemediateNeeds = {
    ...{ store, queues: recording, inventory, connector, network: workerNetwork, digest, logger },
    ledgerFolder: path.join(folder, 'actions'),
  };
  return { id: offered!.id, needs, service, jobs };
}

async function runJob(needs: RemediateNeeds, data: RemediatePayload): Promise<void> {
  const diagnose = createDiagnose({ connector });
  const over = new AbortController();
  const diagnosing = (async () => {
    while (!over.signal.aborted) {
      const runId = (await get(data.remediationId)).verifyRunId;
      if (runId !== null)
        await diagnoseJob({ ...needs, diagnose })({ data: { runId } } as never, '', undefined);
      await sleep(200);
    }
  })();
  await remediateJob(needs)({ data } as never, 'token', undefined).finally(() => over.abort());
  await diagnosing;
}
const get = async (id: string) => (await backbone.store.remediations.get(id))!;
const effects = (): number => {
  const file = path.join(folder, 'effects');
  return existsSync(file) ? readFileSync(file, 'utf8').length : 0;
};
const set = (id: string, assignment: string) =>
  backbone.database.query(`UPDATE diag503.remediation SET ${assignment} WHERE id = $1`, [id]);
const sweep = ({ store, queues }: RemediateNeeds) =>
  sweepJob({ store, queues, makesChanges: true })({} as never, '', undefined);
const outcome: Outcome = { effect: 'done', words: 'done', steps: [], figures: [], howToCheck: null };

describe('a job', () => {
  it('is not made for a plan that somebody changed in the database', async () => {
    const { id, needs, jobs } = await asked();
    await set(id, `plan = replace(plan::text, '"asRoot":false', '"asRoot":true')::json`);
    await runJob(needs, jobs[0]!);
    expect(effects()).toBe(0);
    expect(await get(id)).toMatchObject({ state: 'requested', startedAt: null });
    const rows = await backbone.store.audit.after(0);
    expect(rows.filter(({ remediationId }) => remediationId === id).at(-1)).toMatchObject({
      event: 'forged-job',
    });
  });

  it('is sent again as the bot has signed it, and never for what the bot has not', async () => {
    const { id, needs, jobs } = await asked();
    await set(id, `ready_at = ready_at - interval '10 s'`);
    await sweep(needs);
    expect(jobs.filter(({ remediationId }) => remediationId === id)).toEqual([jobs[0], jobs[0]]);
    await set(id, 'mac = NULL');
    await sweep(needs);
    expect(jobs.filter(({ remediationId }) => remediationId === id)).toHaveLength(2);
  });
});

describe('what nobody knows yet', () => {
  it('is in hand until the effect has come to its end', async () => {
    const { id, needs, jobs } = await asked({ script: 'sleep 6; printf x >>"$0"' });
    await backbone.store.remediations.start(id, { notAfterMs: 30_000, leaseMs: 1 });
    const { steps } = (await get(id)).plan;
    if (steps[0]?.kind !== 'command') throw new Error('another step');
    const at = { notAfter: Date.now() / 1000 + 30, limitSeconds: 10 };
    const mode = { kind: 'run', argv: steps[0].argv, asRoot: false, expect: null, ...at } as const;
    const ask = { id: `${id}-0`, mode, folder: needs.ledgerFolder! };
    const running = askLedger(localConnection(), ask, AbortSignal.timeout(20_000));
    await sleep(1_500);
    await backbone.store.remediations.sweep();
    await runJob(needs, jobs[0]!);
    expect(await get(id)).toMatchObject({ state: 'unknown', finishedAt: null, outcome: null });
    await running;
    await set(id, 'leased_until = clock_timestamp()');
    await runJob(needs, jobs[0]!);
    expect(await get(id)).toMatchObject({ state: 'verified', outcome: { effect: 'done' } });
    expect(effects()).toBe(1);
  });

  it('stays in hand for as long as its host does not answer, and ends when it answers and says no more', async () => {
    const { id, needs, jobs } = await asked();
    await backbone.store.remediations.start(id, { notAfterMs: 30_000, leaseMs: 1 });
    await backbone.store.remediations.sweep();
    const away = { ...connector, connect: () => Promise.reject(new Error('no route to host')) };
    await set(id, `lost_at = clock_timestamp() - interval '1 hour'`);
    await runJob({ ...needs, connector: away }, jobs[0]!);
    expect(await get(id)).toMatchObject({ state: 'unknown', finishedAt: null });
    expect((await get(id)).progress).toContain('no route to host');
    await set(id, 'leased_until = clock_timestamp()');
    await runJob(needs, jobs[0]!);
    expect(await get(id)).toMatchObject({ state: 'failed', outcome: { effect: 'not-done' } });
  });

  it('is looked into by one at a time', async () => {
    const { id } = await asked();
    const { remediations } = backbone.store;
    await remediations.start(id, { notAfterMs: 30_000, leaseMs: 20_000, token: 'a' });
    expect(await remediations.renew(id, 20_000, 'a')).toBe(true);
    expect(await remediations.take(id, 20_000, 'b')).toBe(false);
    await set(id, 'leased_until = clock_timestamp()');
    expect(await remediations.take(id, 20_000, 'b')).toBe(true);
    expect(await remediations.renew(id, 20_000, 'a')).toBe(false);
  });

  it('ends as unknown when its service left the inventory', async () => {
    const { id, needs, jobs } = await asked();
    await backbone.store.remediations.start(id, { notAfterMs: 30_000, leaseMs: 1 });
    await backbone.store.remediations.sweep();
    await runJob({ ...needs, inventory: inventoryOf() }, jobs[0]!);
    expect(await get(id)).toMatchObject({
      state: 'unknown',
      outcome: { words: 'its service left the inventory' },
    });
    expect((await get(id)).finishedAt).not.toBeNull();
  });
});

describe('what began and reported an error', () => {
  it('is looked at like every other change, and never told as done or as not done', async () => {
    const { id, needs, jobs } = await asked({ script: 'printf x >>"$0"; exit 3' });
    await runJob(needs, jobs[0]!);
    const { state, outcome: is, verifyRunId } = await get(id);
    expect([state, is?.effect]).toEqual(['failed', 'partly']);
    expect(is?.words).toMatch(/it began and reported an error, exit status 3; the service answers now/);
    expect(verifyRunId).not.toBeNull();
  });

  it('shows no secret, also where what became of it is not known', async () => {
    const { id, needs, jobs } = await asked({
      script: 'echo hunter2hunter2; exit 124',
      secrets: ['hunter2hunter2'],
    });
    await runJob(needs, jobs[0]!);
    expect((await get(id)).state).toBe('unknown');
    const rows = await backbone.store.audit.after(0);
    const mine = rows.filter(({ remediationId }) => remediationId === id);
    expect(mine.map(({ detail }) => /"because":"[^"]*/.exec(detail)?.[0]).join()).not.toContain(
      'hunter2hunter2',
    );
  });
});

describe('what cannot be measured', () => {
  it('is not told as a change that did not help', async () => {
    const { id, needs, jobs } = await asked();
    await backbone.store.remediations.start(id, { notAfterMs: 30_000, leaseMs: 1 });
    await backbone.store.remediations.applied(id, outcome);
    await runJob({ ...needs, inventory: inventoryOf() }, jobs[0]!);
    expect(await get(id)).toMatchObject({ state: 'unknown', outcome: { effect: 'done' } });
    expect((await get(id)).outcome?.words).toContain('could not be measured');
    expect((await get(id)).finishedAt).not.toBeNull();
  });
});

describe('what a change has drained', () => {
  it('has its deadline from the beginning, which somebody may lift', async () => {
    const { id } = await asked();
    const { remediations } = backbone.store;
    await set(id, `kind = 'drain-host'`);
    await remediations.start(id, { notAfterMs: 30_000, leaseMs: 20_000 });
    expect((await get(id)).restoreAt).not.toBeNull();
    await remediations.applied(id, outcome);
    await remediations.conclude(id, { state: 'verified', outcome: { ...outcome, drained: ['api-1'] } });
    expect((await get(id)).restoreAt).not.toBeNull();
    await set(id, `restore_at = clock_timestamp(), watch_until = NULL`);
    expect((await remediations.sweep()).jobs.map((job) => job.id)).toContain(id);
    expect(await remediations.keep(id, 'U0BEN')).toMatchObject({ remediation: { restoreAt: null } });
    expect(await remediations.keep(id, 'U0BEN')).toBeNull();
    expect((await remediations.sweep()).jobs.map((job) => job.id)).not.toContain(id);
  });

  it('is nothing where it was put back already', async () => {
    const { id } = await asked();
    await set(id, `kind = 'restart-service'`);
    await backbone.store.remediations.start(id, { notAfterMs: 30_000, leaseMs: 20_000 });
    await backbone.store.remediations.conclude(id, { state: 'failed', outcome });
    expect((await get(id)).restoreAt).toBeNull();
  });
});

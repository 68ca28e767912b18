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
import { createConnector } from '../../src/clients/connector.js';
import { localConnection } from '../../src/clients/local-shell.js';
import { workerNetwork } from '../../src/clients/worker-network.js';
import { createDiagnose } from '../../src/diagnosis/diagnose.js';
import type { Plan } from '../../src/model/plan.js';
import { RemediationRule } from '../../src/model/service.js';
import { remediateDigest } from '../../src/queue/remediate-digest.js';
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
let healthy = true;
let port = 0;

beforeAll(async () => {
  backbone = await openTestBackbone('PostgreSQL');
  health = createServer((_request, response) => response.writeHead(healthy ? 200 : 503).end());
  await new Promise<void>((resolve) => health.listen(0, '127.0.0.1', resolve));
  const address = health.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
afterAll(async () => {
  expect(await backbone.store.audit.verify()).toBeNull();
  health.close();
  await backbone.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'diag503-remediate-'));
  healthy = true;
});

let services = 0;
const effects = (): number =>
  existsSync(path.join(folder, 'effects')) ? readFileSync(path.join(folder, 'effects'), 'utf8').length : 0;

/** A requested change of the operator's own, whose effects can be counted. */
async function requested(fields: { script?: string } = {}) {
  const argv = ['/bin/sh', '-c', fields.script ?? 'printf x >>"$0"', path.join(folder, 'effects')];
  const rule = RemediationRule.parse({
    allow: ['a'],
    command: argv,
    effect: 'E',
    title: 'T',
    causes: ['overload'],
  });
  const name = `api-${++services}`;
  const service = serviceOf(name, {
    health: `http://127.0.0.1:${port}/`,
    url: `http://127.0.0.1:${port}/`,
    remediations: { 'run-command': rule },
  });
  const plan: Plan = planOf({
    remediation: 'run-command',
    steps: [{ kind: 'command', host: 'local', argv, asRoot: false, expect: null }],
    fingerprint: {},
    serviceDigest: serviceDigest(service),
  });
  const { store } = backbone;
  const { run } = await store.runs.accept({
    service: name,
    channel: 'C0',
    origin: { kind: 'slash', user: 'U0ANA' },
  });
  await store.runs.start(run.id);
  const offers = [{ plan, approvalsNeeded: 0 }];
  await store.runs.finish(run.id, { document: runDocument(), readings: [], offers });
  const [offered] = await store.remediations.ofRun(run.id);
  const limits = { coolDownMinutes: 0, perDay: 9 };
  const by = { user: 'U0ANA', role: 'a', channel: 'C0', limits, serviceDigest: plan.serviceDigest };
  await store.remediations.request({ id: offered!.id, ...by });
  const inventory = inventoryOf(service);
  const needs: RemediateNeeds = {
    ...{ store, queues: backbone.queues, inventory, connector, network: workerNetwork, digest, logger },
    ledgerFolder: path.join(folder, 'actions'),
  };
  return { id: offered!.id, needs, service };
}

/** As the queue would: the job of the change, and the one of the run that verifies it. */
async function runJob(needs: RemediateNeeds, id: string, signature?: string): Promise<void> {
  const remediation = await needs.store.remediations.get(id);
  const data = { remediationId: id, digest: signature ?? digest.of(remediation!) };
  const diagnose = createDiagnose({ connector });
  const diagnosed = new AbortController();
  const diagnosing = (async () => {
    while (!diagnosed.signal.aborted) {
      const verifyRunId = (await needs.store.remediations.get(id))?.verifyRunId;
      if (typeof verifyRunId === 'string')
        await diagnoseJob({ ...needs, diagnose })({ data: { runId: verifyRunId } } as never, '', undefined);
      await sleep(200);
    }
  })();
  await remediateJob(needs)({ data } as never, 'token', undefined);
  diagnosed.abort();
  await diagnosing;
}
const state = async (id: string) => (await backbone.store.remediations.get(id))?.state;
const events = async (id: string) =>
  (await backbone.store.audit.after(0)).filter((row) => row.remediationId === id).map(({ event }) => event);

describe('a change', () => {
  it('is made once, verified by a new run, and never again however often its job comes', async () => {
    const { id, needs } = await requested();
    await runJob(needs, id);
    expect(await backbone.store.remediations.get(id)).toMatchObject({
      state: 'verified',
      outcome: { effect: 'done' },
    });
    await runJob(needs, id);
    expect(effects()).toBe(1);
    expect(await events(id)).toEqual(['requested', 'started', 'applied', 'verified']);
  });

  it('is made by one of five workers at the same moment', async () => {
    const { id, needs } = await requested();
    await Promise.all(Array.from({ length: 5 }, () => runJob(needs, id)));
    expect(effects()).toBe(1);
  });

  it('that did not help says so', async () => {
    const { id, needs } = await requested();
    healthy = false;
    await runJob(needs, id);
    expect(await state(id)).toBe('ineffective');
  }, 90_000);

  it('that helped is watched, and its relapse is told once and looked into', async () => {
    const { id, needs, service } = await requested();
    await runJob(needs, id);
    await runJob(needs, id); // all is well: the watch says nothing
    expect(await backbone.store.remediations.get(id)).toMatchObject({ progress: null });
    healthy = false;
    await runJob(needs, id);
    await runJob(needs, id);
    expect(await backbone.store.remediations.get(id)).toMatchObject({
      progress: 'relapsed',
      watchUntil: null,
    });
    expect((await events(id)).filter((event) => event === 'relapsed')).toHaveLength(1);
    expect(await backbone.store.runs.latest(service.name)).toMatchObject({
      state: 'queued',
      origin: { kind: 'verify' },
    });
  }, 60_000);

  it('that does not reach its host was not done, and says so', async () => {
    const { id, needs } = await requested();
    const broken = {
      ...needs,
      connector: {
        ...connector,
        connect: () => {
          throw new Error('a fault of ours');
        },
      },
    };
    await runJob(broken, id);
    expect(await backbone.store.remediations.get(id)).toMatchObject({
      state: 'failed',
      outcome: { effect: 'not-done', words: 'local was not reached: a fault of ours' },
    });
    expect(effects()).toBe(0);
  });

  it('that failed says what the program said', async () => {
    const { id, needs } = await requested({ script: 'echo no such thing >&2; exit 3' });
    await runJob(needs, id);
    const { outcome } = (await backbone.store.remediations.get(id))!;
    expect(await state(id)).toBe('failed');
    expect(outcome?.words).toContain('exit status 3: no such thing');
  });

  it('is not made for a job without the right digest, and somebody is told', async () => {
    const { id, needs } = await requested();
    await runJob(needs, id, 'f'.repeat(64));
    expect(await state(id)).toBe('requested');
    expect(effects()).toBe(0);
    expect(await events(id)).toEqual(['requested', 'forged-job']);
  });

  it('is not made when the inventory was edited since the verdict', async () => {
    const { id, needs, service } = await requested();
    const edited = { ...needs, inventory: inventoryOf({ ...service, title: 'edited' }) };
    await runJob(edited, id);
    expect(await state(id)).toBe('refused');
    expect(effects()).toBe(0);
  });
});

describe('a worker that went away', () => {
  const gone = async () => {
    const change = await requested();
    await backbone.store.remediations.start(change.id, { notAfterMs: 30_000, leaseMs: 1 });
    return change;
  };
  const ledger = (needs: RemediateNeeds, id: string, mode: Parameters<typeof askLedger>[1]['mode']) =>
    askLedger(
      localConnection(),
      { id: `${id}-0`, mode, folder: needs.ledgerFolder! },
      AbortSignal.timeout(20_000),
    );
  const mode = (argv: string[]) =>
    ({
      kind: 'run',
      argv,
      asRoot: false,
      expect: null,
      notAfter: Date.now() / 1000 + 30,
      limitSeconds: 10,
    }) as const;

  it('before the ledger: it was not done, and can not be done any more', async () => {
    const { id, needs } = await gone();
    await backbone.store.remediations.sweep();
    await runJob(needs, id);
    expect(await backbone.store.remediations.get(id)).toMatchObject({
      state: 'failed',
      outcome: { effect: 'not-done' },
    });
    const late = mode(['/bin/sh', '-c', 'printf x >>"$0"', path.join(folder, 'effects')]);
    expect(await ledger(needs, id, late)).toMatchObject({ result: 'taken' });
    expect(effects()).toBe(0);
  });

  it('after the effect: it was done, and is not done again', async () => {
    const { id, needs } = await gone();
    await ledger(needs, id, mode(['/bin/sh', '-c', 'printf x >>"$0"', path.join(folder, 'effects')]));
    await backbone.store.remediations.sweep();
    expect(await state(id)).toBe('unknown');
    await runJob(needs, id);
    expect(await backbone.store.remediations.get(id)).toMatchObject({
      state: 'verified',
      outcome: { effect: 'done' },
    });
    expect(effects()).toBe(1);
    expect(await events(id)).toEqual(['requested', 'started', 'unknown', 'reconciled', 'verified']);
  });

  it('after the effect was recorded: it is only verified', async () => {
    const { id, needs } = await gone();
    const outcome = { effect: 'done', words: 'done', steps: [], figures: [], howToCheck: null } as const;
    await backbone.store.remediations.applied(id, { ...outcome, steps: [], figures: [] });
    await runJob(needs, id);
    expect(await state(id)).toBe('verified');
    expect(effects()).toBe(0);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RemediateNeeds } from '../../jobs/remediate-needs.js';
import { localConnection } from '../../src/clients/local-shell.js';
import { askLedger } from '../../src/remediations/host-ledger.js';
import { type ChangeGround, connector, openChangeGround } from '../helpers/change-ground.js';
import { reading } from '../builders/readings.js';
import { answer } from '../diagnosis/situation.js';
import { runDocument } from '../helpers/run-document.js';
import { inventoryOf } from '../helpers/service.js';

let ground: ChangeGround;
beforeAll(async () => {
  ground = await openChangeGround();
});
afterAll(async () => {
  expect(await ground.backbone.store.audit.verify()).toBeNull();
  await ground.close();
});
beforeEach(() => ground.begin());

const state = async (id: string) => (await ground.get(id)).state;

describe('a change', () => {
  it('is made once, verified by a new run, and never again however often its job comes', async () => {
    const { id, needs, job } = await ground.asked();
    await ground.runJob(needs, job);
    expect(await ground.backbone.store.remediations.get(id)).toMatchObject({
      state: 'verified',
      outcome: { effect: 'done' },
    });
    await ground.runJob(needs, job);
    expect(ground.effects()).toBe(1);
    expect(await ground.events(id)).toEqual(['requested', 'started', 'applied', 'verified']);
  });

  it('is made by one of five workers at the same moment', async () => {
    const { needs, job } = await ground.asked();
    await Promise.all(Array.from({ length: 5 }, () => ground.runJob(needs, job)));
    expect(ground.effects()).toBe(1);
  });

  it('that did not help says so', async () => {
    const { id, needs, job } = await ground.asked();
    ground.is.healthy = false;
    await ground.runJob(needs, job);
    expect(await state(id)).toBe('ineffective');
  }, 90_000);

  it.each([
    ['others', 200],
    ['ours', 503],
  ])('did not help where its run still saw requests fail: %s', async (_whose, status) => {
    const { id, needs, job, service } = await ground.asked();
    const { store } = ground.backbone;
    const { incidentId } = await ground.get(id);
    const origin = { kind: 'verify', user: 'U0ANA' } as const;
    const { run } = await store.runs.accept({ service: service.name, channel: 'C0', origin, incidentId });
    await store.runs.start(run.id);
    const asked = { answers: Array.from({ length: 3 }, () => answer(status)) };
    const readings = [reading('publicAnswer', asked, { kind: 'service', name: service.name })];
    await store.runs.finish(run.id, { document: runDocument(), readings, offers: [] });
    await ground.set(id, `verify_run_id = '${run.id}'`);
    await ground.runJob(needs, job);
    expect(await state(id)).toBe('ineffective');
  });

  it('that helped is watched, and its relapse is told once and looked into', async () => {
    const { id, needs, job, service } = await ground.asked();
    await ground.runJob(needs, job);
    await ground.runJob(needs, job); // all is well: the watch says nothing
    expect(await ground.backbone.store.remediations.get(id)).toMatchObject({ progress: null });
    ground.is.healthy = false;
    await ground.runJob(needs, job);
    await ground.runJob(needs, job);
    expect(await ground.backbone.store.remediations.get(id)).toMatchObject({
      progress: 'relapsed',
      watchUntil: null,
    });
    expect((await ground.events(id)).filter((event) => event === 'relapsed')).toHaveLength(1);
    expect(await ground.backbone.store.runs.latest(service.name)).toMatchObject({
      state: 'queued',
      origin: { kind: 'verify' },
    });
  }, 60_000);

  it('that does not reach its host was not done, and says so', async () => {
    const { id, needs, job } = await ground.asked();
    const broken = {
      ...needs,
      connector: {
        ...connector,
        connect: () => {
          throw new Error('a fault of ours');
        },
      },
    };
    await ground.runJob(broken, job);
    expect(await ground.backbone.store.remediations.get(id)).toMatchObject({
      state: 'failed',
      outcome: { effect: 'not-done', words: 'local was not reached: a fault of ours' },
    });
    expect(ground.effects()).toBe(0);
  });

  it('that failed says what the program said', async () => {
    const { id, needs, job } = await ground.asked({ script: 'echo no such thing >&2; exit 3' });
    await ground.runJob(needs, job);
    const { outcome } = (await ground.backbone.store.remediations.get(id))!;
    expect(await state(id)).toBe('failed');
    expect(outcome?.words).toContain('exit status 3: no such thing');
  });

  it('is not made for a job without the right digest, and somebody is told', async () => {
    const { id, needs, job } = await ground.asked();
    await ground.runJob(needs, { ...job, digest: 'f'.repeat(64) });
    expect(await state(id)).toBe('requested');
    expect(ground.effects()).toBe(0);
    expect(await ground.events(id)).toEqual(['requested', 'forged-job']);
  });

  it('is not made when users are served again who were not at its verdict', async () => {
    const { id, needs, job } = await ground.asked({ usersGot: [503, 503, 503] });
    await ground.runJob(needs, job);
    const { state: ended, progress } = await ground.get(id);
    expect(ended).toBe('refused');
    expect(progress).toContain('users are served again (200 OK in ');
    expect(ground.effects()).toBe(0);
  });

  it('is made when a sick host among others is met only by a later request', async () => {
    const hosts = ['local', 'api-2', 'api-3'];
    const { needs, job } = await ground.asked({ usersGot: [503], hosts });
    ground.is.refuses = [5];
    await ground.runJob(needs, job);
    expect(ground.effects()).toBe(1);
  }, 90_000);

  it('is made when they were served now and then before, too', async () => {
    const { id, needs, job } = await ground.asked({ usersGot: [503, 200, 503] });
    await ground.runJob(needs, job);
    expect(await state(id)).toBe('verified');
  });

  it('is not made when the inventory was edited since the verdict', async () => {
    const { id, needs, job, service } = await ground.asked();
    const edited = { ...needs, inventory: inventoryOf({ ...service, title: 'edited' }) };
    await ground.runJob(edited, job);
    expect(await state(id)).toBe('refused');
    expect(ground.effects()).toBe(0);
  });
});

describe('a worker that went away', () => {
  const gone = async () => {
    const change = await ground.asked();
    await ground.backbone.store.remediations.start(change.id, { notAfterMs: 30_000, leaseMs: 1 });
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
    const { id, needs, job } = await gone();
    await ground.backbone.store.remediations.sweep();
    await ground.runJob(needs, job);
    expect(await ground.backbone.store.remediations.get(id)).toMatchObject({
      state: 'failed',
      outcome: { effect: 'not-done' },
    });
    const late = mode(['/bin/sh', '-c', 'printf x >>"$0"', ground.inFolder('effects')]);
    expect(await ledger(needs, id, late)).toMatchObject({ result: 'taken' });
    expect(ground.effects()).toBe(0);
  });

  it('after the effect: it was done, and is not done again', async () => {
    const { id, needs, job } = await gone();
    await ledger(needs, id, mode(['/bin/sh', '-c', 'printf x >>"$0"', ground.inFolder('effects')]));
    await ground.backbone.store.remediations.sweep();
    expect(await state(id)).toBe('unknown');
    await ground.runJob(needs, job);
    expect(await ground.backbone.store.remediations.get(id)).toMatchObject({
      state: 'verified',
      outcome: { effect: 'done' },
    });
    expect(ground.effects()).toBe(1);
    expect(await ground.events(id)).toEqual(['requested', 'started', 'unknown', 'reconciled', 'verified']);
  });

  it('after the effect was recorded: it is only verified', async () => {
    const { id, needs, job } = await gone();
    const outcome = { effect: 'done', words: 'done', steps: [], figures: [], howToCheck: null } as const;
    await ground.backbone.store.remediations.applied(id, { ...outcome, steps: [], figures: [] });
    await ground.runJob(needs, job);
    expect(await state(id)).toBe('verified');
    expect(ground.effects()).toBe(0);
  });
});

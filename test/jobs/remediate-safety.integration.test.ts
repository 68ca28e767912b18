import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { localConnection } from '../../src/clients/local-shell.js';
import type { Outcome } from '../../src/model/remediation.js';
import { askLedger } from '../../src/remediations/host-ledger.js';
import { type ChangeGround, connector, openChangeGround } from '../helpers/change-ground.js';
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

const outcome: Outcome = { effect: 'done', words: 'done', steps: [], figures: [], howToCheck: null };

describe('a job', () => {
  it('is not made for a plan that somebody changed in the database', async () => {
    const { id, needs, job } = await ground.asked();
    await ground.set(id, `plan = replace(plan::text, '"asRoot":false', '"asRoot":true')::json`);
    await ground.runJob(needs, job);
    expect(ground.effects()).toBe(0);
    expect(await ground.get(id)).toMatchObject({ state: 'requested', startedAt: null });
    const rows = await ground.backbone.store.audit.after(0);
    expect(rows.filter(({ remediationId }) => remediationId === id).at(-1)).toMatchObject({
      event: 'forged-job',
    });
  });

  it('is sent again as the bot has signed it, and never for what the bot has not', async () => {
    const { id, needs, jobs } = await ground.asked();
    await ground.set(id, `ready_at = ready_at - interval '10 s'`);
    await ground.sweep(needs);
    expect(jobs.filter(({ remediationId }) => remediationId === id)).toEqual([jobs[0], jobs[0]]);
    await ground.set(id, 'mac = NULL');
    await ground.sweep(needs);
    expect(jobs.filter(({ remediationId }) => remediationId === id)).toHaveLength(2);
  });
});

describe('what nobody knows yet', () => {
  it('is in hand until the effect has come to its end', async () => {
    const { id, needs, job } = await ground.asked({ script: 'sleep 6; printf x >>"$0"' });
    await ground.backbone.store.remediations.start(id, { notAfterMs: 30_000, leaseMs: 1 });
    const { steps } = (await ground.get(id)).plan;
    if (steps[0]?.kind !== 'command') throw new Error('another step');
    const at = { notAfter: Date.now() / 1000 + 30, limitSeconds: 10 };
    const mode = { kind: 'run', argv: steps[0].argv, asRoot: false, expect: null, ...at } as const;
    const ask = { id: `${id}-0`, mode, folder: needs.ledgerFolder! };
    const running = askLedger(localConnection(), ask, AbortSignal.timeout(20_000));
    await sleep(1_500);
    await ground.backbone.store.remediations.sweep();
    await ground.runJob(needs, job);
    expect(await ground.get(id)).toMatchObject({ state: 'unknown', finishedAt: null, outcome: null });
    await running;
    await ground.set(id, 'leased_until = clock_timestamp()');
    await ground.runJob(needs, job);
    expect(await ground.get(id)).toMatchObject({ state: 'verified', outcome: { effect: 'done' } });
    expect(ground.effects()).toBe(1);
  });

  it('stays in hand for as long as its host does not answer, and ends when it answers and says no more', async () => {
    const { id, needs, job } = await ground.asked();
    await ground.backbone.store.remediations.start(id, { notAfterMs: 30_000, leaseMs: 1 });
    await ground.backbone.store.remediations.sweep();
    const away = { ...connector, connect: () => Promise.reject(new Error('no route to host')) };
    await ground.set(id, `lost_at = clock_timestamp() - interval '1 hour'`);
    await ground.runJob({ ...needs, connector: away }, job);
    expect(await ground.get(id)).toMatchObject({ state: 'unknown', finishedAt: null });
    expect((await ground.get(id)).progress).toContain('no route to host');
    await ground.set(id, 'leased_until = clock_timestamp()');
    await ground.runJob(needs, job);
    expect(await ground.get(id)).toMatchObject({ state: 'failed', outcome: { effect: 'not-done' } });
  });

  it('is looked into by one at a time', async () => {
    const { id } = await ground.asked();
    const { remediations } = ground.backbone.store;
    await remediations.start(id, { notAfterMs: 30_000, leaseMs: 20_000, token: 'a' });
    expect(await remediations.renew(id, 20_000, 'a')).toBe(true);
    expect(await remediations.take(id, 20_000, 'b')).toBe(false);
    await ground.set(id, 'leased_until = clock_timestamp()');
    expect(await remediations.take(id, 20_000, 'b')).toBe(true);
    expect(await remediations.renew(id, 20_000, 'a')).toBe(false);
  });

  it('ends as unknown when its service left the inventory', async () => {
    const { id, needs, job } = await ground.asked();
    await ground.backbone.store.remediations.start(id, { notAfterMs: 30_000, leaseMs: 1 });
    await ground.backbone.store.remediations.sweep();
    await ground.runJob({ ...needs, inventory: inventoryOf() }, job);
    expect(await ground.get(id)).toMatchObject({
      state: 'unknown',
      outcome: { words: 'its service left the inventory' },
    });
    expect((await ground.get(id)).finishedAt).not.toBeNull();
  });
});

describe('what began and reported an error', () => {
  it('is looked at like every other change, and never told as done or as not done', async () => {
    const { id, needs, job } = await ground.asked({ script: 'printf x >>"$0"; exit 3' });
    await ground.runJob(needs, job);
    const { state, outcome: is, verifyRunId } = await ground.get(id);
    expect([state, is?.effect]).toEqual(['failed', 'partly']);
    expect(is?.words).toMatch(/it began and reported an error, exit status 3; the service answers now/);
    expect(verifyRunId).not.toBeNull();
  });

  it('shows no secret, also where what became of it is not known', async () => {
    const { id, needs, job } = await ground.asked({
      script: 'echo hunter2hunter2; exit 124',
      secrets: ['hunter2hunter2'],
    });
    await ground.runJob(needs, job);
    expect((await ground.get(id)).state).toBe('unknown');
    const rows = await ground.backbone.store.audit.after(0);
    const mine = rows.filter(({ remediationId }) => remediationId === id);
    expect(mine.map(({ detail }) => /"because":"[^"]*/.exec(detail)?.[0]).join()).not.toContain(
      'hunter2hunter2',
    );
  });
});

describe('what cannot be measured', () => {
  it('is not told as a change that did not help', async () => {
    const { id, needs, job } = await ground.asked();
    await ground.backbone.store.remediations.start(id, { notAfterMs: 30_000, leaseMs: 1 });
    await ground.backbone.store.remediations.applied(id, outcome);
    await ground.runJob({ ...needs, inventory: inventoryOf() }, job);
    expect(await ground.get(id)).toMatchObject({ state: 'unknown', outcome: { effect: 'done' } });
    expect((await ground.get(id)).outcome?.words).toContain('could not be measured');
    expect((await ground.get(id)).finishedAt).not.toBeNull();
  });
});

const DRAINS = `plan = jsonb_set(plan::jsonb, '{steps,0}',
  '{"kind": "member", "host": "lb-1", "pool": "api", "member": "api-1", "state": "drain"}')::json`;

describe('what a change has drained', () => {
  it('has its deadline from the beginning, which somebody may lift', async () => {
    const { id } = await ground.asked();
    const { remediations } = ground.backbone.store;
    await ground.set(id, `kind = 'drain-host', ${DRAINS}`);
    await remediations.start(id, { notAfterMs: 30_000, leaseMs: 20_000 });
    expect((await ground.get(id)).restoreAt).not.toBeNull();
    await remediations.applied(id, outcome);
    await remediations.conclude(id, { state: 'verified', outcome: { ...outcome, drained: ['api-1'] } });
    expect((await ground.get(id)).restoreAt).not.toBeNull();
    await ground.set(id, `restore_at = clock_timestamp(), watch_until = NULL`);
    expect((await remediations.sweep()).jobs.map((job) => job.id)).toContain(id);
    expect(await remediations.keep(id, 'U0BEN')).toMatchObject({ remediation: { restoreAt: null } });
    expect(await remediations.keep(id, 'U0BEN')).toBeNull();
    expect((await remediations.sweep()).jobs.map((job) => job.id)).not.toContain(id);
  });

  it('is nothing where it was put back already', async () => {
    const { id } = await ground.asked();
    await ground.set(id, `kind = 'roll-back', ${DRAINS}`);
    await ground.backbone.store.remediations.start(id, { notAfterMs: 30_000, leaseMs: 20_000 });
    expect((await ground.get(id)).restoreAt).not.toBeNull();
    await ground.backbone.store.remediations.conclude(id, { state: 'failed', outcome });
    expect((await ground.get(id)).restoreAt).toBeNull();
  });
});

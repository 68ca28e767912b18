import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createConnector } from '../../src/clients/connector.js';
import { workerNetwork } from '../../src/clients/worker-network.js';
import { collect } from '../../src/diagnosis/collect.js';
import type { Plan } from '../../src/model/plan.js';
import { RemediationRule } from '../../src/model/service.js';
import { applyPlan, lookIntoPlan } from '../../src/remediations/apply-plan.js';
import { movedSince, planOf } from '../../src/remediations/define-remediation.js';
import { endIdleSessions } from '../../src/remediations/end-idle-sessions.js';
import { endSessionsFunction } from '../../src/remediations/sql/end-idle-sessions.js';
import type { World } from '../../src/remediations/world.js';
import type { RunningPostgres } from '../../src/store/embedded-postgres.js';
import { runDocument } from '../helpers/run-document.js';
import { service as serviceOf } from '../helpers/service.js';
import { freePort } from '../servers/free-port.js';
import { startTestPostgres } from '../servers/embedded.js';

const rule = RemediationRule.parse({ allow: ['operator'], users: ['shop'], idleSeconds: 1, atMost: 3 });
const connector = createConnector({ hosts: new Map() });
let postgres: RunningPostgres;
let port: number;
let held: pg.Client[] = [];

const url = (user: string): string => `postgres://${user}@127.0.0.1:${port}/orders`;
const service = () =>
  serviceOf('shop', {
    database: { kind: 'postgres', url: url('diag503_ro') },
    remediations: { 'end-idle-sessions': rule },
  });

beforeAll(async () => {
  port = await freePort();
  postgres = await startTestPostgres({ listen_addresses: '127.0.0.1', port });
  await run(
    postgres.url,
    'create role shop login',
    'create role other login',
    'create role diag503_ro login',
  );
  await run(postgres.url, 'grant pg_read_all_stats to diag503_ro', 'create database orders owner shop');
  await run(postgres.url.replace('/postgres?', '/orders?'), endSessionsFunction('diag503_ro', rule));
});
afterAll(async () => {
  await connector.closeAll();
  await postgres.stop();
});
beforeEach(async () => {
  for (const client of held) await client.end().catch(() => undefined);
  held = [];
});

async function run(address: string, ...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: address });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

async function session(user: string, { inTransaction = true } = {}) {
  const client = new pg.Client({ connectionString: url(user) });
  const state = { client, ended: false };
  client.on('error', () => (state.ended = true));
  await client.connect();
  held.push(client);
  await client.query(inTransaction ? 'begin' : 'select 1');
  if (inTransaction) await client.query('select 1');
  return state;
}

const look = async (): Promise<World> => {
  const { probes, ...signal } = { probes: endIdleSessions.reads, signal: AbortSignal.timeout(10_000) };
  const { readings } = await collect(service(), { connector, network: workerNetwork, probes, ...signal });
  const { verdict, findings } = runDocument();
  return { service: service(), rule, verdict, findings, readings };
};
const planned = (world: World): Plan => {
  const result = planOf(endIdleSessions, world);
  if (!result.fits) throw new Error(result.because);
  return result.plan;
};
const context = (plan: Plan, fields: object = {}) => ({
  id: crypto.randomUUID(),
  service: service(),
  plan,
  connector,
  network: workerNetwork,
  notAfter: new Date(Date.now() + 30_000),
  signal: new AbortController().signal,
  onProgress: () => undefined,
  ...fields,
});

describe('end-idle-sessions', () => {
  it('ends the forgotten sessions of the application, and of nobody else', async () => {
    const [first, second] = [await session('shop'), await session('shop')];
    const bystanders = [await session('other'), await session('shop', { inTransaction: false })];
    await sleep(1_200);
    const fresh = await session('shop');
    const plan = planned(await look());
    expect(plan).toMatchObject({ label: 'End 2 idle sessions' });

    expect(await applyPlan(context(plan))).toMatchObject({ effect: 'done', words: '2 of 2 sessions ended' });
    await expect.poll(() => [first.ended, second.ended]).toEqual([true, true]);
    for (const each of [...bystanders, fresh]) {
      expect(each.ended).toBe(false);
      await each.client.query('select 1');
    }
    expect(planOf(endIdleSessions, await look())).toMatchObject({ fits: false });
  });

  it('ends at most as many at once as the inventory says, the longest idle first', async () => {
    const sessions: Awaited<ReturnType<typeof session>>[] = [];
    for (let count = 0; count < 5; count += 1) sessions.push(await session('shop'));
    await sleep(1_200);
    const plan = planned(await look());
    expect(plan).toMatchObject({
      label: 'End 3 idle sessions',
      effect: expect.stringContaining('other 2') as string,
    });
    await applyPlan(context(plan));
    await expect.poll(() => sessions.map(({ ended }) => ended)).toEqual([true, true, true, false, false]);
  });

  it('leaves a session alone that has gone back to work since it was planned', async () => {
    const busy = await session('shop');
    await sleep(1_200);
    const plan = planned(await look());
    await busy.client.query('commit');
    expect(movedSince(endIdleSessions, plan, await look())).toContain('none of these sessions');
    expect(await applyPlan(context(plan))).toMatchObject({ effect: 'not-done' });
    expect(busy.ended).toBe(false);
  });

  it('takes no process id for the same session when its start is another', async () => {
    const other = await session('shop');
    await sleep(1_200);
    const plan = planned(await look());
    const [step] = plan.steps;
    if (step?.kind !== 'sql') throw new Error('another step');
    const later = { ...step, parameters: [step.parameters[0]!, ['2020-01-01T00:00:00.000000Z']] };
    expect(await applyPlan(context({ ...plan, steps: [later] }))).toMatchObject({ effect: 'not-done' });
    expect(other.ended).toBe(false);
  });

  it('does nothing after its time, and what is left then is left for ever', async () => {
    const idle = await session('shop');
    await sleep(1_200);
    const plan = planned(await look());
    const late = { notAfter: new Date(Date.now() - 10_000) };
    expect(await applyPlan(context(plan, late))).toMatchObject({ effect: 'not-done' });
    expect(await lookIntoPlan(context(plan, late))).toMatchObject({ effect: 'not-done' });
    expect(idle.ended).toBe(false);
    await applyPlan(context(plan));
    expect(await lookIntoPlan(context(plan, late))).toMatchObject({
      effect: 'unknown',
      words: '1 of 1 session are gone, and whether this ended them is not known',
    });
  });

  it('does nothing once its worker stops', async () => {
    await session('shop');
    await sleep(1_200);
    const plan = planned(await look());
    expect(await applyPlan(context(plan, { signal: AbortSignal.abort() }))).toMatchObject({
      effect: 'not-done',
    });
  });

  it('is all that the login may do: neither another role nor any other session', async () => {
    const other = await session('other');
    const [{ pid }] = (await other.client.query<{ pid: number }>('select pg_backend_pid() pid')).rows as [
      { pid: number },
    ];
    await expect(run(url('diag503_ro'), `select pg_terminate_backend(${pid})`)).rejects.toThrow(
      /permission denied/,
    );
    await expect(
      run(url('shop'), `select * from diag503_act.end_idle_sessions(array[1], array[now()], now())`),
    ).rejects.toThrow(/permission denied/);
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createConnector } from '../../src/clients/connector.js';
import { workerNetwork } from '../../src/clients/worker-network.js';
import type { PlanStep } from '../../src/model/plan.js';
import { applyPlan, lookIntoPlan } from '../../src/remediations/apply-plan.js';
import { putBackAll } from '../../src/remediations/put-back.js';
import { setMember, waitMember } from '../../src/remediations/members.js';
import { plan as planOf } from '../helpers/plan.js';
import { service as serviceOf } from '../helpers/service.js';
import { until } from '../helpers/until.js';
import { startHaproxy, type TestHaproxy } from '../servers/haproxy.js';
import { needs } from '../servers/require-server.js';

describe.skipIf(!needs('haproxy'))('setting members of a real HAProxy', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'diag503-members-'));
  const connector = createConnector({ hosts: new Map() });
  const at = { pool: 'api', host: 'local' };
  let apps: Server[];
  let haproxy: TestHaproxy;

  beforeAll(async () => {
    apps = await Promise.all(
      ['a', 'b'].map(async (name) => {
        const app = createServer((_request, response) => response.end(name));
        await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
        return app;
      }),
    );
    const servers = apps.map((app, index) => {
      const address = app.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      return `  server api-${index + 1} 127.0.0.1:${port} check`;
    });
    haproxy = await startHaproxy(`backend api\n${servers.join('\n')}`);
    await until('both are up', async () => (await statuses()).every((status) => status === 'UP'));
  });
  afterAll(async () => {
    await haproxy.stop();
    for (const app of apps) app.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const statuses = async (): Promise<string[]> => {
    const table = await haproxy.tell('show stat');
    const rows = table.split('\n').filter((line) => /^api,api-/.test(line));
    return rows.map((row) => row.split(',')[17] ?? '');
  };
  const context = (steps: PlanStep[], id: string = crypto.randomUUID()) => ({
    id,
    service: serviceOf('api', {
      balancer: { kind: 'haproxy', host: 'local', socket: haproxy.socket, pool: 'api' },
    }),
    plan: planOf({ steps }),
    connector,
    network: workerNetwork,
    notAfter: new Date(Date.now() + 30_000),
    signal: new AbortController().signal,
    onProgress: () => undefined,
    ledgerFolder: path.join(folder, 'actions'),
  });

  it('drains one and leaves the other alone, and puts it back', async () => {
    const drain = [setMember(at, 'api-1', 'drain'), waitMember(at, 'api-1', 'drained')];
    expect(await applyPlan(context(drain))).toMatchObject({ effect: 'done' });
    expect(await statuses()).toEqual(['DRAIN', 'UP']);
    const restore = [setMember(at, 'api-1', 'ready'), waitMember(at, 'api-1', 'up')];
    expect(await applyPlan(context(restore))).toMatchObject({ effect: 'done' });
    expect(await statuses()).toEqual(['UP', 'UP']);
  });

  it('says it once: a second worker with the same change does nothing', async () => {
    const id = crypto.randomUUID();
    const steps = [setMember(at, 'api-2', 'drain')];
    expect(await applyPlan(context(steps, id))).toMatchObject({ effect: 'done' });
    await applyPlan(context([setMember(at, 'api-2', 'ready')]));
    expect(await applyPlan(context(steps, id))).toMatchObject({ effect: 'unknown' });
    expect(await statuses()).toEqual(['UP', 'UP']);
    expect(await lookIntoPlan(context(steps, id))).toMatchObject({ effect: 'done' });
  });

  it('tells what HAProxy refuses', async () => {
    const steps = [setMember(at, 'api-9', 'ready')];
    expect(await applyPlan(context(steps))).toMatchObject({
      effect: 'failed',
      words: expect.stringContaining('No such server') as string,
    });
  });

  const fails: PlanStep = {
    ...{ kind: 'command', host: 'local', argv: ['/bin/false'], asRoot: false, expect: null },
  };
  const restart = [setMember(at, 'api-1', 'drain'), fails, setMember(at, 'api-1', 'ready')];

  it('puts back what it took out for a while, also when the plan ends early', async () => {
    const outcome = await applyPlan(context(restart));
    expect(outcome).toMatchObject({
      effect: 'partly',
      words: expect.stringContaining('api-1 was put back') as string,
    });
    expect(outcome.drained).toBeUndefined();
    expect(await statuses()).toEqual(['UP', 'UP']);
  });

  it('puts it back when the worker went away in between, whoever looks into it and how often', async () => {
    const id = crypto.randomUUID();
    await applyPlan(context(restart.slice(0, 1), id));
    expect(await statuses()).toEqual(['DRAIN', 'UP']);
    const outcomes = await Promise.all([1, 2].map(() => lookIntoPlan(context(restart, id))));
    expect(outcomes.map(({ effect }) => effect)).toEqual(['partly', 'partly']);
    expect(await statuses()).toEqual(['UP', 'UP']);
  });

  it('leaves out what it took out for good, until its deadline', async () => {
    const drain = context([setMember(at, 'api-1', 'drain')]);
    expect(await applyPlan(drain)).toMatchObject({ effect: 'done', drained: ['api-1'] });
    expect(await statuses()).toEqual(['DRAIN', 'UP']);
    expect(await putBackAll(drain)).toEqual({ words: ['api-1 was put back'], left: [] });
    expect(await putBackAll(drain)).toEqual({ words: [], left: [] });
    expect(await statuses()).toEqual(['UP', 'UP']);
  });

  it('drains nobody when the others are gone since the plan was made', async () => {
    await haproxy.tell('set server api/api-2 state drain');
    expect(await applyPlan(context([setMember(at, 'api-1', 'drain')]))).toMatchObject({
      effect: 'not-done',
      words: expect.stringContaining('only 0 of 2 members would remain up') as string,
    });
    expect(await statuses()).toEqual(['UP', 'DRAIN']);
    await haproxy.tell('set server api/api-2 state ready');
  });

  it('says nothing to the balancer once another one looks after it', async () => {
    const lost = new AbortController();
    const slow = {
      ...connector,
      connect: async (...args: Parameters<typeof connector.connect>) => {
        const connection = await connector.connect(...args);
        const runScript: typeof connection.runScript = async (...asked) => {
          const answer = await connection.runScript(...asked);
          lost.abort(); // while the ledger answers
          return answer;
        };
        return { ...connection, host: connection.host, network: connection.network, runScript };
      },
    };
    const given = { ...context([setMember(at, 'api-1', 'drain')]), connector: slow, signal: lost.signal };
    expect(await applyPlan(given)).toMatchObject({ effect: 'not-done' });
    expect(await statuses()).toEqual(['UP', 'UP']);
    expect(await lookIntoPlan(given)).toMatchObject({ effect: 'not-done' });
  });

  it('begins nothing once somebody has looked in vain', async () => {
    const id = crypto.randomUUID();
    const steps = [setMember(at, 'api-1', 'drain')];
    expect(await lookIntoPlan(context(steps, id))).toMatchObject({ effect: 'not-done' });
    await applyPlan(context(steps, id));
    expect(await statuses()).toEqual(['UP', 'UP']);
  });
});

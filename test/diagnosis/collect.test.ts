import { getMaxListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { localConnection } from '../../src/clients/local-shell.js';
import type { HostConnection, HostConnector, Network } from '../../src/clients/host-connection.js';
import { ConnectionLost } from '../../src/clients/ssh-errors.js';
import { collect, type CollectOptions } from '../../src/diagnosis/collect.js';
import { ClientError } from '../../src/model/client-error.js';
import type { Reading } from '../../src/model/reading.js';
import { Service } from '../../src/model/service.js';
import { ANY_HOST, defineHostProbe, defineServiceProbe, type Probe } from '../../src/probes/define-probe.js';

const Text = z.object({ text: z.string() });
const service = (hosts: string[], deadlineSeconds = 5): Service =>
  Service.parse({ name: 'api', title: 'Api', hosts, health: 'http://localhost:8000/', deadlineSeconds });

const shell = (
  id: string,
  script: string,
  more: Partial<Parameters<typeof defineHostProbe<typeof Text>>[0]> = {},
) =>
  defineHostProbe({
    id,
    fact: Text,
    source: () => script,
    script: () => script,
    parse: ({ stdout }) => ({ text: stdout }),
    ...more,
  });

const ask = (id: string, more: Partial<Parameters<typeof defineServiceProbe<typeof Text>>[0]> = {}) =>
  defineServiceProbe({
    id,
    fact: Text,
    places: () => [{ target: { kind: 'service', name: 'api' }, from: 'worker' }],
    source: () => id,
    read: ({ network }) => Promise.resolve({ text: network.name }),
    ...more,
  });

const nowhere = (name: string, error = new ClientError('denied', 'no forwarding')): Network => ({
  name,
  connect: () => Promise.reject(error),
  connectUnix: () => Promise.reject(error),
});
const worker: Network = {
  ...nowhere('worker'),
  connect: () => Promise.reject(new ClientError('unreachable', 'x')),
};

/** Hosts named `up*` are this machine's shell; others fail as told. */
const connector = (fates: Record<string, () => Promise<HostConnection>> = {}): HostConnector => ({
  connect: (host) =>
    fates[host]?.() ?? Promise.resolve({ ...localConnection(), host, network: nowhere(host) }),
  closeAll: () => Promise.resolve(),
});

const run = async (it: Service, probes: Probe[], options: Partial<CollectOptions> = {}) => {
  const { readings, hosts } = await collect(it, {
    connector: connector(),
    network: worker,
    signal: new AbortController().signal,
    probes: Object.fromEntries(probes.map((probe) => [probe.id, probe])),
    ...options,
  });
  return {
    readings,
    hosts,
    by: (probe: string, via?: string) =>
      readings.find((r) => r.probe === probe && (via ?? r.via) === r.via) as Reading,
  };
};

describe('collect', () => {
  it('lets any number of places wait for the deadline: node takes more than 10 for a leak', async () => {
    const limits: number[] = [];
    const hosts = connector();
    await run(service(['up-1']), [shell('fine', 'echo hello')], {
      connector: {
        connect: (host, signal) => {
          limits.push(getMaxListeners(signal));
          return hosts.connect(host, signal);
        },
        closeAll: () => hosts.closeAll(),
      },
    });
    expect(limits).toEqual([Infinity]);
  });

  it('gives one reading for every place, whatever happens there', async () => {
    const progress: number[] = [];
    const { readings, hosts, by } = await run(
      service(['up-1', 'down']),
      [
        shell('fine', 'echo hello'),
        shell('missing', 'no-such-tool'),
        shell('slow', 'sleep 9', { timeoutSeconds: 1 }),
        shell('wrong', 'echo 1', { parse: () => ({ text: 7 }) as never }),
        shell('denied', 'echo no', {
          parse: () => {
            throw new ClientError('denied', 'permission denied');
          },
        }),
        shell('throws', 'exit 2', {
          parse: () => {
            throw new Error('unexpected');
          },
        }),
        shell('broken', '', {
          script: () => {
            throw new Error('no script');
          },
        }),
        shell('elsewhere', 'echo', { applies: () => false }),
        ask('asked'),
        ask('hangs', { timeoutMs: 100, read: () => new Promise(() => undefined) }),
        ask('placeless', {
          places: () => {
            throw new Error('no places');
          },
        }),
      ],
      {
        connector: connector({
          down: () => Promise.reject(new ClientError('unreachable', 'down: connection refused')),
        }),
        onProgress: ({ done, total }) => progress.push(done / total),
      },
    );
    expect(readings).toHaveLength(2 * 7 + 3);
    expect(hosts).toEqual([
      { name: 'up-1', reached: true },
      { name: 'down', reached: false, reason: 'connection refused' },
    ]);
    expect(by('fine', 'up-1')).toMatchObject({
      status: 'read',
      fact: { text: 'hello' },
      source: 'echo hello',
    });
    expect(by('fine', 'down')).toMatchObject({ status: 'unread', reason: 'unreachable' });
    expect(by('missing', 'up-1')).toMatchObject({
      reason: 'not-installed',
      detail: expect.stringContaining('no-such-tool') as string,
    });
    expect(by('slow', 'up-1')).toMatchObject({ reason: 'timeout' });
    expect(by('wrong', 'up-1')).toMatchObject({
      reason: 'malformed',
      detail: expect.stringMatching(/^✖ Invalid input.*text$/) as string,
    });
    expect(by('denied', 'up-1')).toMatchObject({ reason: 'denied', detail: 'permission denied' });
    expect(by('throws', 'up-1')).toMatchObject({ reason: 'malformed', detail: 'unexpected (exit 2)' });
    expect(by('broken', 'up-1')).toMatchObject({ reason: 'malformed', detail: 'no script' });
    expect(by('asked')).toMatchObject({ status: 'read', via: 'worker' });
    expect(by('hangs')).toMatchObject({ reason: 'timeout' });
    expect(by('placeless')).toMatchObject({ reason: 'malformed', detail: 'no places' });
    expect(progress[0]).toBe(0);
    expect(progress.at(-1)).toBe(1);
  });

  it('judges what is there at the deadline', async () => {
    const startedAt = Date.now();
    const { by, hosts } = await run(
      service(['up', 'hole'], 2),
      [
        shell('quick', 'echo 1'),
        shell('slow', 'sleep 20', { timeoutSeconds: 20 }),
        ask('stuck', { timeoutMs: 60_000, read: () => new Promise(() => undefined) }),
      ],
      { connector: connector({ hole: () => new Promise(() => undefined) }) },
    );
    expect(Date.now() - startedAt).toBeLessThan(3500);
    expect(by('quick', 'up').status).toBe('read');
    for (const [probe, via] of [
      ['slow', 'up'],
      ['quick', 'hole'],
      ['stuck', 'worker'],
    ] as const)
      expect(by(probe, via)).toMatchObject({ status: 'unread', reason: 'timeout' });
    expect(hosts).toMatchObject([{ reached: true }, { reached: false }]);
  });

  it('says cancelled when the caller gives up', async () => {
    const { by } = await run(service(['up']), [shell('slow', 'sleep 4')], {
      signal: AbortSignal.timeout(200),
    });
    expect(by('slow')).toMatchObject({ reason: 'cancelled' });
  });

  it("takes the worker's view where the host forwards nothing or is not reached", async () => {
    const from = (host: string) => [{ target: { kind: 'dependency' as const, name: 'cache' }, from: host }];
    const through: Parameters<typeof ask>[1] = {
      read: async ({ network, signal }) => {
        if (network.name !== 'worker') await network.connect({ host: 'cache', port: 6379 }, signal);
        return { text: network.name };
      },
    };
    const gone = connector({ gone: () => Promise.reject(new ClientError('timeout', 'gone')) });
    const { by } = await run(
      service(['up']),
      [
        ask('strict', { ...through, places: () => from('up') }),
        ask('lenient', { ...through, places: () => from('up'), fallback: 'worker' }),
        ask('any', { ...through, places: () => from(ANY_HOST) }),
        ask('lost', { ...through, places: () => from('gone'), fallback: 'worker' }),
        ask('stranded', { ...through, places: () => from('gone') }),
      ],
      { connector: gone },
    );
    expect(by('strict')).toMatchObject({ status: 'unread', reason: 'denied', via: 'up' });
    for (const probe of ['lenient', 'any', 'lost'])
      expect(by(probe)).toMatchObject({ status: 'read', via: 'worker' });
    expect(by('stranded')).toMatchObject({ status: 'unread', reason: 'timeout', via: 'gone' });
  });

  it('asks the first host that answers', async () => {
    const good: Network = {
      ...nowhere('up'),
      connect: () => Promise.reject(new ClientError('unreachable', 'x')),
    };
    const { by } = await run(
      service(['hole', 'up'], 2),
      [ask('any', { places: () => [{ target: { kind: 'service', name: 'api' }, from: ANY_HOST }] })],
      {
        connector: connector({
          hole: () => new Promise(() => undefined),
          up: () => Promise.resolve({ ...localConnection(), network: good }),
        }),
      },
    );
    expect(by('any')).toMatchObject({ status: 'read', via: 'up', fact: { text: 'up' } });
  });

  it('repeats on a new connection what a lost one left open', async () => {
    let tries = 0;
    const flaky: HostConnection = {
      ...localConnection(),
      runScript: (script, options) => {
        tries += 1;
        if (tries > 1) return localConnection().runScript(script, options);
        return Promise.reject(new ConnectionLost('up'));
      },
    };
    const { by } = await run(service(['up']), [shell('fine', 'echo 1')], {
      connector: connector({ up: () => Promise.resolve(flaky) }),
    });
    expect(by('fine')).toMatchObject({ status: 'read' });
    expect(tries).toBe(2);
  });

  it('tells a login shell that runs nothing', async () => {
    const nologin: HostConnection = {
      ...localConnection(),
      runScript: () =>
        Promise.resolve({
          exitCode: 1,
          stdout: 'This account is currently not available.\n',
          stderr: '',
          truncated: false,
        }),
    };
    const { by, hosts } = await run(service(['up']), [shell('fine', 'echo 1')], {
      connector: connector({ up: () => Promise.resolve(nologin) }),
    });
    expect(by('fine')).toMatchObject({ reason: 'denied', detail: expect.stringContaining('chsh') as string });
    expect(hosts[0]).toMatchObject({
      reached: false,
      reason: expect.stringContaining('currently not available') as string,
    });
  });

  it('lets no secret out, in facts, details or sources', async () => {
    const { readings } = await run(
      service(['up']),
      [
        shell('leaks', 'echo "password=hunter2hunter2 Tr0ub4dor&3"'),
        shell('fails', 'exit 1', {
          parse: () => {
            throw new ClientError('denied', 'tried postgres://u:hunter2hunter2@db');
          },
        }),
      ],
      { secrets: ['Tr0ub4dor&3'] },
    );
    expect(JSON.stringify(readings)).not.toMatch(/hunter2|Tr0ub4dor/);
  });
});

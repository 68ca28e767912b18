import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createConnector } from '../../src/clients/connector.js';
import { workerNetwork } from '../../src/clients/worker-network.js';
import { collect } from '../../src/diagnosis/collect.js';
import type { Reading } from '../../src/model/reading.js';
import { Service } from '../../src/model/service.js';
import { defineHostProbe, type Probe } from '../../src/probes/define-probe.js';
import { startSshFaultServer, type SshFault } from '../servers/ssh-fault-server.js';
import { needs } from '../servers/require-server.js';
import { startSshd, type SshServer } from '../servers/sshd.js';
import { startTcpProxy } from '../servers/tcp-proxy.js';

const shell = (id: string, script: string): Probe =>
  defineHostProbe({
    id,
    fact: z.object({ text: z.string() }),
    source: () => script,
    script: () => script,
    parse: ({ stdout }) => ({ text: stdout }),
  });

describe.skipIf(!needs('sshd'))('collect over ssh', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'diag503-collect-'));
  const opened: { close: () => unknown }[] = [];
  let sshd: SshServer;
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterEach(async () => {
    for (const each of opened.splice(0)) await each.close();
  });
  afterAll(async () => {
    await sshd.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const read = async (port: number, probes: Probe[], { server = sshd, deadlineSeconds = 5 } = {}) => {
    const connector = createConnector({
      hosts: new Map([
        ['api-1', { address: `${server.user}@127.0.0.1:${port}`, hostKey: server.fingerprint('ed25519') }],
        ['up', { address: `${sshd.user}@127.0.0.1:${sshd.port}`, identityFile: sshd.identityFile }],
      ]),
      identityFile: server.identityFile,
      knownHostsPath: sshd.knownHostsPath,
      sshConfigPath: '/dev/null',
    });
    opened.push({ close: () => connector.closeAll() });
    const hosts = ['api-1', 'up'];
    const health = 'http://localhost:8000/';
    const startedAt = Date.now();
    const result = await collect(
      Service.parse({ name: 'api', title: 'Api', hosts, health, deadlineSeconds }),
      {
        connector,
        network: workerNetwork,
        signal: new AbortController().signal,
        probes: Object.fromEntries(probes.map((probe) => [probe.id, probe])),
      },
    );
    const find = (probe: string, via = 'api-1') =>
      result.readings.find((reading) => reading.probe === probe && reading.via === via) as Reading;
    // Whatever befalls api-1, the other host is read.
    expect(find(probes[0]?.id ?? '', 'up').status).toBe('read');
    return { ...result, find, ms: Date.now() - startedAt };
  };

  const start = async (command: string, extra: string[] = []): Promise<SshServer> => {
    const file = path.join(folder, `forced-${opened.length}.sh`);
    writeFileSync(file, `${command}\n`, { mode: 0o755 });
    const server = await startSshd({ config: [`ForceCommand /bin/sh ${file}`, ...extra] });
    opened.push({ close: () => server.stop() });
    return server;
  };

  it('reads through the noise of start-up files', async () => {
    const server = await start(
      'echo "Welcome"; echo "## rc"; printf "\\377\\000"; echo oops >&2; eval "$SSH_ORIGINAL_COMMAND"',
    );
    const { find, hosts } = await read(server.port, [shell('load', 'echo 0.5')], { server });
    expect(hosts[0]).toEqual({ name: 'api-1', reached: true });
    expect(find('load')).toMatchObject({ status: 'read', fact: { text: '0.5' } });
  });

  it('says when the shell hangs after the login', async () => {
    const server = await start('sleep 30');
    const { find, hosts, ms } = await read(server.port, [shell('load', 'echo 0.5')], {
      server,
      deadlineSeconds: 3,
    });
    expect(find('load')).toMatchObject({ reason: 'timeout' });
    expect(hosts[0]?.reached).toBe(false);
    expect(ms).toBeLessThan(4500);
  });

  it('says when the login shell runs nothing', async () => {
    const server = await start('echo "This account is currently not available."; exit 1');
    const { find } = await read(server.port, [shell('load', 'echo 0.5')], { server });
    expect(find('load')).toMatchObject({
      reason: 'denied',
      detail: expect.stringContaining('not available') as string,
    });
  });

  it('keeps its memory when a host sends without end', async () => {
    const server = await start('cat /dev/zero');
    const before = process.memoryUsage().rss;
    const { find } = await read(server.port, [shell('load', 'echo 0.5')], { server });
    expect(find('load')).toMatchObject({
      reason: 'malformed',
      detail: expect.stringContaining('more output than allowed') as string,
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(80_000_000);
  });

  it('cuts one probe that prints a gigabyte, and reads the others', async () => {
    const { find } = await read(sshd.port, [
      shell('load', 'echo 0.5'),
      shell('flood', 'head -c 1000000000 /dev/zero | tr "\\0" x'),
    ]);
    expect(find('load')).toMatchObject({ fact: { text: '0.5' } });
    expect(find('flood').status).toBe('read');
  });

  it('starts over what a reset connection left open', async () => {
    const proxy = await startTcpProxy(sshd.port);
    opened.push(proxy);
    setTimeout(proxy.reset, 1200);
    const { find } = await read(
      proxy.port,
      [shell('load', 'echo 0.5'), shell('late', 'sleep 2; echo late')],
      { deadlineSeconds: 12 },
    );
    expect(find('load')).toMatchObject({ fact: { text: '0.5' } });
    expect(find('late')).toMatchObject({ fact: { text: 'late' } });
    expect(proxy.count()).toBe(2);
  });

  it.each<{ fault: SshFault; reason: string }>([
    { fault: 'silent-login', reason: 'timeout' },
    { fault: 'exec-never-answered', reason: 'timeout' },
    { fault: 'exec-refused', reason: 'denied' },
    { fault: 'drop-on-exec', reason: 'unreachable' },
    { fault: 'no-exit-code', reason: 'unreachable' },
    { fault: 'drip', reason: 'timeout' },
    { fault: 'garbage-after-login', reason: 'unreachable' },
  ])('survives a host with the fault $fault', async ({ fault, reason }) => {
    const server = await startSshFaultServer(fault, sshd);
    opened.push(server);
    const { find, ms } = await read(server.port, [shell('load', 'echo 0.5')], { deadlineSeconds: 3 });
    expect(find('load')).toMatchObject({ status: 'unread', reason });
    expect(ms).toBeLessThan(4500);
  });
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createConnector, type ConnectorOptions } from '../../src/clients/connector.js';
import type { HostConnector, RunOptions } from '../../src/clients/host-connection.js';
import { ClientError } from '../../src/model/client-error.js';
import { needs } from '../servers/require-server.js';
import { freePort } from '../servers/free-port.js';
import { keygen, startSshd, type SshServer } from '../servers/sshd.js';
import { startTcpProxy } from '../servers/tcp-proxy.js';

const folder = mkdtempSync(path.join(tmpdir(), 'diag503-connector-'));
const opened: { close: () => unknown }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const soon = (ms = 50_000): AbortSignal => AbortSignal.timeout(ms);
const run = (options: Partial<RunOptions> = {}): RunOptions => ({
  signal: soon(),
  maxBytes: 1_000_000,
  ...options,
});
const failure = async (work: Promise<unknown>): Promise<ClientError> => {
  const error: unknown = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ClientError);
  return error as ClientError;
};

const listen = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push({ close: () => server.close() });
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
};

describe.skipIf(!needs('sshd'))('ssh', () => {
  let sshd: SshServer;
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(() => sshd.stop());

  const at = (port: number): string => `${sshd.user}@127.0.0.1:${port}`;
  const connectorFor = (server: SshServer, options: Partial<ConnectorOptions> = {}): HostConnector => {
    const connector = createConnector({
      hosts: new Map(),
      identityFile: server.identityFile,
      knownHostsPath: server.knownHostsPath,
      sshConfigPath: '/dev/null',
      ...options,
    });
    opened.push({ close: () => connector.closeAll() });
    return connector;
  };
  const pinned = (port: number, hostKey: string, name = 'api-1'): ConnectorOptions['hosts'] =>
    new Map([[name, { address: at(port), hostKey }]]);
  const start = async (...args: Parameters<typeof startSshd>): Promise<SshServer> => {
    const server = await startSshd(...args);
    opened.push({ close: () => server.stop() });
    return server;
  };
  const proxied = async (port: number | null) => {
    const proxy = await startTcpProxy(port);
    opened.push(proxy);
    return proxy;
  };

  it('runs a script, keeps its exit code, both outputs and split characters', async () => {
    const host = await connectorFor(sshd).connect(at(sshd.port), soon());
    const seen: string[] = [];
    const script = String.raw`printf 'é€'; printf '\303'; sleep 0.1; printf '\251\377\000'; echo oops >&2; exit 7`;
    const result = await host.runScript(script, run({ onStdout: (chunk) => seen.push(chunk) }));
    expect(result).toEqual({ exitCode: 7, stdout: 'é€é\uFFFD\0', stderr: 'oops\n', truncated: false });
    expect(seen.join('')).toBe(result.stdout);
  });

  it('logs in once for all who ask, and keeps the connection for the next run', async () => {
    const connector = connectorFor(sshd);
    const before = sshd.log().split('Accepted publickey').length;
    await Promise.all([1, 2, 3].map(() => connector.connect(at(sshd.port), soon())));
    const host = await connector.connect(at(sshd.port), soon());
    await host.runScript('true', run());
    expect(sshd.log().split('Accepted publickey').length - before).toBe(1);
  });

  it('logs in to a dozen hosts at once without a warning of a leak', async () => {
    const port = await listen(createServer(() => undefined));
    const warnings: string[] = [];
    const onWarning = ({ message }: Error): void => void warnings.push(message);
    process.on('warning', onWarning);
    const names = Array.from({ length: 12 }, (_each, index) => `api-${String(index)}`);
    const hosts = new Map(names.map((name) => [name, { address: at(port) }]));
    const connector = connectorFor(sshd, { hosts });
    const logins = names.map((name) => failure(connector.connect(name, soon())));
    await sleep(200);
    await connector.closeAll();
    expect((await Promise.all(logins)).map(({ code }) => code)).toEqual(names.map(() => 'cancelled'));
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
  });

  it('refuses an unknown host key and names fingerprint and way out; nothing is sent', async () => {
    const knownHostsPath = path.join(folder, 'empty');
    writeFileSync(knownHostsPath, '');
    const server = await start();
    const error = await failure(connectorFor(server, { knownHostsPath }).connect(at(server.port), soon()));
    expect(error.code).toBe('denied');
    expect(error.message).toContain(server.fingerprint('ed25519'));
    expect(error.message).toContain(`ssh-keyscan -p ${server.port} 127.0.0.1 >> ${knownHostsPath}`);
    expect(server.log()).not.toMatch(/userauth|publickey|Failed/);
  });

  it('says when a known key changed', async () => {
    const server = await start();
    const knownHostsPath = path.join(folder, 'changed');
    const other = readFileSync(sshd.knownHostsPath, 'utf8').replace(`:${sshd.port} `, `:${server.port} `);
    writeFileSync(knownHostsPath, other);
    const error = await failure(connectorFor(server, { knownHostsPath }).connect(at(server.port), soon()));
    expect(error).toMatchObject({
      code: 'denied',
      message: expect.stringMatching(/host key changed.*ssh-keygen -R/) as string,
    });
  });

  it('asks for the type of key that it knows', async () => {
    const knownHostsPath = path.join(folder, 'rsa');
    writeFileSync(
      knownHostsPath,
      `[127.0.0.1]:${sshd.port} ${readFileSync(path.join(sshd.folder, 'host_rsa.pub'), 'utf8')}`,
    );
    await connectorFor(sshd, { knownHostsPath }).connect(at(sshd.port), soon());
  });

  it.each(['ed25519', 'rsa'] as const)('accepts a pinned %s key', async (type) => {
    const hosts = pinned(sshd.port, sshd.fingerprint(type));
    await connectorFor(sshd, { hosts, knownHostsPath: '/dev/null' }).connect('api-1', soon());
  });

  it('refuses another key than the pinned one', async () => {
    const hosts = pinned(sshd.port, `SHA256:${'x'.repeat(43)}`);
    const error = await failure(connectorFor(sshd, { hosts }).connect('api-1', soon()));
    expect(error).toMatchObject({
      code: 'denied',
      message: expect.stringContaining('not the pinned SHA256:xxx') as string,
    });
  });

  it('says what was offered when the login is refused, and does not try again at once', async () => {
    const server = await start();
    const identityFile = path.join(folder, 'stranger');
    keygen(identityFile, 'ed25519');
    const connector = connectorFor(server, { identityFile });
    const error = await failure(connector.connect(at(server.port), soon()));
    expect(error.code).toBe('denied');
    expect(error.message).toContain('permission denied (publickey)');
    expect(error.message).toContain(identityFile);
    expect((await failure(connector.connect(at(server.port), soon()))).message).toContain(
      'not tried again so soon',
    );
    expect(server.log().split('Connection from').length - 1).toBe(1);
  });

  it('says that a key has a passphrase, or is not there', async () => {
    const identityFile = path.join(folder, 'locked');
    keygen(identityFile, 'ed25519', 'passphrase');
    const locked = await failure(connectorFor(sshd, { identityFile }).connect(at(sshd.port), soon()));
    expect(locked.message).toContain(`ssh-add ${identityFile}`);
    const gone = await failure(
      connectorFor(sshd, { identityFile: '/no/such/key' }).connect(at(sshd.port), soon()),
    );
    expect(gone).toMatchObject({ code: 'denied', message: expect.stringContaining('ENOENT') as string });
  });

  it('tells refused, unknown name and a port that never answers apart', async () => {
    const connector = connectorFor(sshd);
    const refused = await failure(connector.connect(at(await freePort()), soon()));
    expect(refused).toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('connection refused') as string,
    });
    const nameless = await failure(connector.connect('no-such-host.invalid', soon()));
    expect(nameless.message).toMatch(/no such name|name server/);
    const hole = await proxied(null);
    const startedAt = Date.now();
    const silent = await failure(connector.connect(at(hole.port), soon()));
    expect(silent).toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('no SSH handshake') as string,
    });
    expect(Date.now() - startedAt).toBeLessThan(6500);
  });

  it('hints at penalties when it is dropped before the handshake', async () => {
    const server: Server = createServer((socket) => socket.destroy());
    const port = await listen(server);
    const error = await failure(connectorFor(sshd).connect(at(port), soon()));
    expect(error).toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('PerSourcePenalties') as string,
    });
  });

  it('ends a command at its deadline, and the connection still serves', async () => {
    const host = await connectorFor(sshd).connect(at(sshd.port), soon());
    const controller = new AbortController();
    const gone = new ClientError('timeout', 'enough');
    setTimeout(() => controller.abort(gone), 300);
    const error = await failure(host.runScript('sleep 30', run({ signal: controller.signal })));
    expect(error).toBe(gone);
    expect(await host.runScript('echo on', run())).toMatchObject({ stdout: 'on\n' });
  });

  it('cuts a gigabyte without keeping it', async () => {
    const host = await connectorFor(sshd).connect(at(sshd.port), soon());
    const before = process.memoryUsage().rss;
    const result = await host.runScript('head -c 1000000000 /dev/zero', run({ maxBytes: 300_000 }));
    expect(result).toMatchObject({ truncated: true, stdout: '\0'.repeat(300_000) });
    expect(process.memoryUsage().rss - before).toBeLessThan(80_000_000);
  });

  it('waits for a session where sshd gives only one', async () => {
    const server = await start({ config: ['MaxSessions 1'] });
    const host = await connectorFor(server).connect(at(server.port), soon());
    const results = await Promise.all([1, 2, 3].map((n) => host.runScript(`sleep 0.2; echo ${n}`, run())));
    expect(results.map(({ stdout }) => stdout)).toEqual(['1\n', '2\n', '3\n']);
  });

  it('survives a reset while idle and in the middle of a command', async () => {
    const proxy = await proxied(sshd.port);
    const hosts = pinned(proxy.port, sshd.fingerprint('ed25519'));
    const connector = connectorFor(sshd, { hosts });
    const host = await connector.connect('api-1', soon());
    const cut = await host.runScript('echo half; sleep 5', run({ onStdout: proxy.reset }));
    expect(cut).toMatchObject({ exitCode: null, stdout: 'half\n' });
    const again = await connector.connect('api-1', soon());
    expect(await again.runScript('echo back', run())).toMatchObject({ stdout: 'back\n' });
    proxy.reset();
    await sleep(100);
    const third = await connector.connect('api-1', soon());
    expect(await third.runScript('echo back', run())).toMatchObject({ stdout: 'back\n' });
    expect(proxy.count()).toBe(3);
  });

  it('finds out that an idle connection is dead, and makes a new one', async () => {
    const proxy = await proxied(sshd.port);
    const connector = connectorFor(sshd, { hosts: pinned(proxy.port, sshd.fingerprint('ed25519')) });
    const host = await connector.connect('api-1', soon());
    await host.runScript('true', run());
    proxy.freeze();
    expect((await failure(host.runScript('true', run()))).message).toContain('connection was lost');
    expect(await (await connector.connect('api-1', soon())).runScript('echo new', run())).toMatchObject({
      stdout: 'new\n',
    });
  });

  it('opens connections where the host stands', async () => {
    const echo = createServer((socket) => socket.pipe(socket));
    const port = await listen(echo);
    const { network } = await connectorFor(sshd).connect(at(sshd.port), soon());
    expect(network.name).toBe(at(sshd.port));
    const stream = await network.connect({ host: 'localhost', port }, soon());
    stream.end('ping');
    expect(Buffer.concat((await stream.toArray()) as Buffer[]).toString()).toBe('ping');
    const refused = await failure(network.connect({ host: '127.0.0.1', port: await freePort() }, soon()));
    expect(refused).toMatchObject({ code: 'unreachable', cause: { code: 'ECONNREFUSED' } });
    const nameless = await failure(network.connect({ host: 'no-such-host.invalid', port: 80 }, soon()));
    expect(nameless.code).toBe('unreachable');
    expect((await failure(network.connectUnix('/no/such.sock', soon()))).code).toBe('unreachable');
  });

  it('gives places back when streams are destroyed unread', async () => {
    const flood = createServer((socket) =>
      socket.on('error', () => undefined).write(Buffer.alloc(4_000_000)),
    );
    const port = await listen(flood);
    const { network } = await connectorFor(sshd).connect(at(sshd.port), soon());
    for (let n = 0; n < 20; n++) (await network.connect({ host: '127.0.0.1', port }, soon(3000))).destroy();
  });

  it('says when sshd allows no forwarding', async () => {
    const server = await start({ config: ['AllowTcpForwarding no'] });
    const { network } = await connectorFor(server).connect(at(server.port), soon());
    const error = await failure(network.connect({ host: '127.0.0.1', port: 1 }, soon()));
    expect(error).toMatchObject({
      code: 'denied',
      message: expect.stringContaining('AllowTcpForwarding') as string,
    });
  });

  it('goes through jump hosts, each verified', async () => {
    const inner = await start();
    const knownHostsPath = path.join(folder, 'both');
    writeFileSync(knownHostsPath, readFileSync(sshd.knownHostsPath, 'utf8'));
    const hosts: ConnectorOptions['hosts'] = new Map([
      [
        'inner',
        {
          address: at(inner.port),
          hostKey: inner.fingerprint('ed25519'),
          identityFile: inner.identityFile,
          jump: 'gate',
        },
      ],
      ['gate', { address: at(sshd.port) }],
      ['loop', { address: at(sshd.port), jump: 'loop' }],
    ]);
    const connector = connectorFor(sshd, { hosts, knownHostsPath });
    const host = await connector.connect('inner', soon());
    const { stdout } = await host.runScript('echo "$SSH_CONNECTION"', run());
    expect(stdout).toContain(` ${inner.port}\n`);
    expect((await failure(connector.connect('loop', soon()))).message).toMatch(/circle/);
    writeFileSync(knownHostsPath, '');
    const distrustful = await failure(connectorFor(sshd, { hosts, knownHostsPath }).connect('inner', soon()));
    expect(distrustful).toMatchObject({
      code: 'denied',
      message: expect.stringMatching(/no way through gate: .*is not known/) as string,
    });
  });

  it('closes a connection that nobody uses', async () => {
    const connector = connectorFor(sshd, { idleMs: 100 });
    const first = await connector.connect(at(sshd.port), soon());
    await first.runScript('sleep 0.4', run());
    const before = sshd.log().split('Accepted publickey').length;
    await sleep(500);
    await connector.connect(at(sshd.port), soon());
    expect(sshd.log().split('Accepted publickey').length - before).toBe(1);
  });

  it('keeps a standby connection that nobody uses', async () => {
    const connector = connectorFor(sshd, { idleMs: 100, standby: new Set([at(sshd.port)]) });
    await connector.connect(at(sshd.port), soon());
    const before = sshd.log().split('Accepted publickey').length;
    await sleep(500);
    await connector.connect(at(sshd.port), soon());
    expect(sshd.log().split('Accepted publickey').length - before).toBe(0);
  });
});

describe('local', () => {
  const connect = () => createConnector({ hosts: new Map() }).connect('local', soon());

  it('runs the same scripts without ssh', async () => {
    const host = await connect();
    expect(await host.runScript('echo hello; exit 3', run())).toMatchObject({
      exitCode: 3,
      stdout: 'hello\n',
    });
    expect(host.network.name).toBe('local');
  });

  it('kills what runs beyond the deadline', async () => {
    const marker = `${process.pid}.4242`;
    const host = await connect();
    const error = await failure(
      host
        .runScript(`sleep ${marker}`, run({ signal: AbortSignal.any([AbortSignal.timeout(200)]) }))
        .catch(() => {
          throw new ClientError('timeout', 'ended');
        }),
    );
    expect(error.code).toBe('timeout');
    await sleep(100);
    const { stdout } = await host.runScript(`pgrep -fc "^sleep ${marker}" || true`, run());
    expect(stdout.trim()).toBe('0');
  });
});

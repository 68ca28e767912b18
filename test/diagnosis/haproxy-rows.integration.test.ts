import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createConnector } from '../../src/clients/connector.js';
import { collect } from '../../src/diagnosis/collect.js';
import { createDiagnose } from '../../src/diagnosis/diagnose.js';
import type { Service } from '../../src/model/service.js';
import { probes } from '../../src/probes/index.js';
import { service } from '../helpers/service.js';
import { until } from '../helpers/until.js';
import { freePort } from '../servers/free-port.js';
import { startHaproxy, type TestHaproxy } from '../servers/haproxy.js';
import { needs } from '../servers/require-server.js';

/** Of this machine itself only what listens: it is no host of the service. */
const { appAnswer, balancerLog, balancerMembers, healthAnswer, listenSockets, memberAnswer, publicAnswer } =
  probes;
const LOOKED_AT = {
  appAnswer,
  balancerLog,
  balancerMembers,
  healthAnswer,
  listenSockets,
  memberAnswer,
  publicAnswer,
};

/** Listens, and accepts nobody: its event loop stands still. A backlog of 1 holds two connections. */
const DEAF = `const s = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
  require('node:fs').writeSync(1, String(s.address().port) + '\\n');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});`;

/** The rows of diagnosis 1.4, each made by a real HAProxy, and judged by everything that there is. */
describe.skipIf(!needs('haproxy'))('what HAProxy answers, and why', () => {
  let app: Server;
  let port: number;
  let dead: number;
  let deaf: { child: ChildProcess; port: number; held: Socket[] };
  let haproxy: TestHaproxy;
  let inner: TestHaproxy;
  const page = path.join(tmpdir(), `diag503-page-${String(process.pid)}.http`);

  beforeAll(async () => {
    app = createServer((request, response) => {
      const url = request.url ?? '';
      if (url.includes('hold')) return;
      response.statusCode = url.startsWith('/gone') ? 404 : /^\/(ill|said|down5)/.test(url) ? 503 : 200;
      response.end('from the app');
    }).listen(0, '127.0.0.1');
    await once(app, 'listening');
    port = (app.address() as AddressInfo).port;
    dead = await freePort();
    deaf = await startDeaf();
    await writeFile(page, 'HTTP/1.0 503 Service Unavailable\r\nContent-Type: text/plain\r\n\r\nback soon\n');
    inner = await startHaproxy(`backend api\n  server a 127.0.0.1:${String(dead)} check`);
    const at = (to: number, more = ''): string => `server a 127.0.0.1:${String(to)} ${more}`;
    const pools: Record<string, string> = {
      refused: at(dead),
      down: at(dead, 'check'),
      wrongcheck: `option httpchk GET /gone\n  ${at(port, 'check')}`,
      sickcheck: `option httpchk GET /ill\n  ${at(port, 'check')}`,
      down5: `option httpchk GET /down5\n  ${at(port, 'check')}`,
      maint: at(port, 'check disabled'),
      empty: '',
      full: at(port, 'maxconn 1'),
      silent: at(deaf.port),
      wrongport: at(dead, 'check'),
      denied: `http-request deny deny_status 503\n  ${at(port)}`,
      withheld: `http-response deny deny_status 503\n  ${at(port)}`,
      said: at(port),
      slow: `timeout server 700ms\n  ${at(port)}`,
      ownpage: `errorfile 503 ${page}\n  ${at(dead, 'check')}`,
      second: at(inner.port),
    };
    haproxy = await startHaproxy(
      Object.entries(pools)
        .map(([name, lines]) => `backend ${name}\n  ${lines}`)
        .join('\n'),
      [
        'http-request return status 503 content-type text/plain string busy if { path /returned }',
        ...Object.keys(pools).map((name) => `use_backend ${name} if { path_beg /${name} }`),
      ].join('\n  '),
    );
    await until('the checks have run', async () => {
      const table = await haproxy.tell('show stat');
      return ['wrongcheck,a,.*L7STS', 'sickcheck,a,.*L7STS', 'down5,a,.*L7STS', 'down,a,.*L4CON'].every(
        (row) => new RegExp(row).test(table),
      );
    });
    // A member that fell a moment ago may rightly be down still.
    await sleep(11_000);
  }, 60_000);
  afterAll(async () => {
    deaf.held.forEach((socket) => socket.destroy());
    deaf.child.kill('SIGKILL');
    await haproxy.stop();
    await inner.stop();
    app.closeAllConnections();
    app.close();
  });

  const startDeaf = async () => {
    const child = spawn(process.execPath, ['-e', DEAF], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const to = Number(line.toString());
    const held = [1, 2, 3, 4].map(() => connect(to, '127.0.0.1').on('error', () => undefined));
    await sleep(200);
    return { child, port: to, held };
  };

  const behind = (pool: string, over: Partial<Service> = {}): Service =>
    service('shop', {
      health: `http://127.0.0.1:${String(port)}/health`,
      url: `http://127.0.0.1:${String(haproxy.port)}/${pool}`,
      balancer: { kind: 'haproxy', host: 'local', socket: haproxy.socket, log: haproxy.log, pool },
      ...over,
    });
  const diagnose = async (given: Service) => {
    const connector = createConnector({ hosts: new Map() });
    const run = createDiagnose({
      connector,
      collect: (one, options) => collect(one, { ...options, probes: LOOKED_AT }),
    });
    const { document } = await run(given, { signal: AbortSignal.timeout(20_000) });
    await connector.closeAll();
    const { cause, hop, confidence, summary, chain } = document.verdict;
    const found = document.findings.map(({ check }) => check);
    const unknown = document.unknown.map(({ check, reason }) => `${check}: ${reason}`);
    return { cause, hop, confidence, summary, found, unknown, chain: chain.map(({ check }) => check) };
  };
  const nobody = (): Partial<Service> => ({ health: `http://127.0.0.1:${String(dead)}/` });

  it.each<
    [row: string, pool: string, cause: string | null, check: string | null, over?: () => Partial<Service>]
  >([
    ['SC, a member that nobody checks refuses', 'refused', 'not-started', 'port-not-listening', nobody],
    ['<NOSRV> SC, L4CON', 'down', 'not-started', 'port-not-listening', nobody],
    ['<NOSRV> SC, L7STS 404', 'wrongcheck', 'health-check', 'member-down-though-healthy'],
    [
      '<NOSRV> SC, L7STS 503 of the health path alone',
      'sickcheck',
      'health-check',
      'member-down-though-healthy',
    ],
    ['<NOSRV> SC, L7STS 503, and real requests fail too', 'down5', null, null],
    ['<NOSRV> SC, MAINT', 'maint', 'deployment', 'member-draining'],
    ['<NOSRV> SC, no servers', 'empty', 'routing', 'pool-without-members'],
    ['frontend twice, SC', 'nowhere', 'routing', 'no-route-matched'],
    ['SC at a port where nobody listens, while the app serves', 'wrongport', 'routing', 'member-unreachable'],
    ['sC, while the app serves', 'silent', 'routing', 'member-unreachable'],
    ['PR, a rule of the backend', 'denied', 'deliberate', 'request-denied'],
    ['PH with 503, a rule about what the app answered', 'withheld', 'deliberate', 'request-denied'],
    ['LR, a rule of the frontend', 'returned', 'deliberate', 'request-denied'],
    ['SC behind a page of its own', 'ownpage', 'not-started', 'port-not-listening', nobody],
  ])('%s', { timeout: 25_000 }, async (_row, pool, cause, check, over) => {
    const verdict = await diagnose(behind(pool, over?.()));
    expect(verdict, JSON.stringify(verdict)).toMatchObject({ cause, hop: 'balancer' });
    if (check !== null) expect(verdict.chain, JSON.stringify(verdict)).toContain(check);
  });

  it('sQ: the members are at maxconn', { timeout: 25_000 }, async () => {
    const users = [1, 2, 3].map(() =>
      fetch(`http://127.0.0.1:${String(haproxy.port)}/full-hold`, {
        signal: AbortSignal.timeout(9000),
      }).catch(() => null),
    );
    await sleep(1300);
    const verdict = await diagnose(behind('full'));
    expect(verdict, JSON.stringify(verdict)).toMatchObject({ cause: 'overload', hop: 'balancer' });
    expect(verdict.chain).toContain('concurrency-limited');
    await Promise.all(users);
  });

  it('sC: the accept queue of the app is full', { timeout: 25_000 }, async () => {
    const health = `http://127.0.0.1:${String(deaf.port)}/`;
    const verdict = await diagnose(behind('silent', { health }));
    expect(verdict, JSON.stringify(verdict)).toMatchObject({ cause: 'overload', hop: 'balancer' });
    expect(verdict.chain).toContain('accept-queue-full');
  });

  it('---- 503: the app said it', { timeout: 25_000 }, async () => {
    expect(await diagnose(behind('said'))).toMatchObject({ hop: 'app' });
  });

  it('sH 504: the app did not answer in time', { timeout: 25_000 }, async () => {
    const url = `http://127.0.0.1:${String(haproxy.port)}/slow-hold`;
    const verdict = await diagnose(behind('slow', { url }));
    expect(verdict).toMatchObject({ hop: 'balancer' });
    expect(['routing', 'deliberate', 'not-started']).not.toContain(verdict.cause);
  });

  it('the same page of a second HAProxy', { timeout: 25_000 }, async () => {
    expect(await diagnose(behind('second'))).toMatchObject({ hop: 'proxy' });
  });

  describe('what the log has no line of', () => {
    it.each([
      [
        'connections that a rule rejects',
        'tcp-request connection reject if { src 127.0.0.0/8 }',
        'rules of frontend web of HAProxy have rejected',
      ],
      [
        'a page that is kept for an outer balancer, and says that too few members are up',
        'monitor-uri /\n  monitor fail if { nbsrv(api) lt 2 }',
        'frontend web keeps it for `monitor-uri`',
      ],
    ])('%s', { timeout: 25_000 }, async (_name, rule, words) => {
      const gate = await startHaproxy(
        `backend api\n  server a 127.0.0.1:${String(port)}`,
        `${rule}\n  default_backend api`,
      );
      const balancer = {
        kind: 'haproxy',
        host: 'local',
        socket: gate.socket,
        log: gate.log,
        pool: 'api',
      } as const;
      const url = `http://127.0.0.1:${String(gate.port)}/`;
      // The users before us: a frontend counts them, and those of another page stand in its log.
      for (const page of ['', 'other']) await fetch(`${url}${page}`).catch(() => null);
      const verdict = await diagnose(behind('api', { url, balancer }));
      await gate.stop();
      expect(verdict, JSON.stringify(verdict)).toMatchObject({
        cause: 'deliberate',
        hop: 'balancer',
        confidence: 'likely',
        summary: expect.stringContaining(words) as string,
      });
    });
  });
});

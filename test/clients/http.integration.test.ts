import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createRawServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { certificateExpired } from '../../src/checks/certificate-expired.js';
import { dependencyFailing } from '../../src/checks/dependency-failing.js';
import { dependencySlow } from '../../src/checks/dependency-slow.js';
import { dependencyUnreachable } from '../../src/checks/dependency-unreachable.js';
import type { Network } from '../../src/clients/host-connection.js';
import { askHttp } from '../../src/clients/http.js';
import { workerNetwork } from '../../src/clients/worker-network.js';
import { ClientError } from '../../src/model/client-error.js';
import { httpDependency } from '../../src/probes/http-dependency.js';
import { findingOf, outcomeOf, readAll } from '../builders/readings.js';
import { service } from '../helpers/service.js';
import { freePort } from '../servers/free-port.js';

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});

const listen = async (server: Server): Promise<number> => {
  servers.push(server.listen(0, '127.0.0.1'));
  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
};
const http = async (listener: RequestListener): Promise<string> =>
  `http://127.0.0.1:${String(await listen(createServer(listener)))}/`;
const raw = async (reply: string | null): Promise<string> =>
  `http://127.0.0.1:${String(
    await listen(
      createRawServer((socket) => {
        socket.on('error', () => undefined);
        socket.once('data', () => (reply === null ? socket.resetAndDestroy() : socket.end(reply)));
      }),
    ),
  )}/`;
const tls = async (name: 'valid' | 'expired'): Promise<string> => {
  const file = (ending: string) =>
    readFileSync(new URL(`../fixtures/tls/${name}.${ending}`, import.meta.url));
  const server = createTlsServer({ key: file('key'), cert: file('crt') }, (_request, response) =>
    response.end('fine'),
  );
  return `https://localhost:${String(await listen(server))}/`;
};
const silent = (): Promise<string> => http(() => undefined);
const ask = (url: string, deadlineMs = 2000) =>
  askHttp(workerNetwork, { url, deadlineMs }, AbortSignal.timeout(8000));

describe('askHttp', () => {
  it('gives status, reason, headers and body, and hides cookies and passwords', async () => {
    const url = await http((request, response) => {
      response.setHeader('set-cookie', 'session=1');
      response.setHeader('retry-after', '30');
      response.statusCode = 503;
      response.end(`${String(request.headers['user-agent'])} ${String(request.headers.authorization)}`);
    });
    const answer = await ask(url.replace('http://', 'http://ana:secret@'));
    expect(answer).toMatchObject({ status: 503, reasonPhrase: 'Service Unavailable', failure: null });
    expect(answer.headers).toMatchObject({ 'retry-after': '30' });
    expect(answer.headers).not.toHaveProperty('set-cookie');
    expect(answer.body).toBe(`diag503 Basic ${btoa('ana:secret')}`);
    expect(answer.request).toBe(`GET ${url} HTTP/1.1`);
  });

  it('follows no redirect', async () => {
    let asked = 0;
    const url = await http((_request, response) => {
      asked += 1;
      response.writeHead(302, { location: 'http://169.254.169.254/' }).end();
    });
    expect(await ask(url)).toMatchObject({ status: 302 });
    expect(asked).toBe(1);
  });

  it('reads no more than it keeps of an endless body', async () => {
    const url = await http((_request, response) => {
      response.on('error', () => undefined);
      const more = (): void => {
        if (!response.destroyed) response.write('x'.repeat(65_536), () => setImmediate(more));
      };
      more();
    });
    expect((await ask(url)).body).toHaveLength(4096);
  });

  const failing: [string, () => Promise<string>, object][] = [
    [
      'refused',
      async () => `http://127.0.0.1:${String(await freePort())}/`,
      { rung: 'tcp', kind: 'refused' },
    ],
    ['no such name', async () => 'http://no-such-host.invalid/', { rung: 'dns' }],
    ['silence', silent, { rung: 'answer', kind: 'timeout' }],
    ['reset', () => raw(null), { rung: 'answer', kind: 'reset' }],
    ['no HTTP', () => raw('SSH-2.0-OpenSSH_9.2\r\n'), { rung: 'answer', kind: 'protocol' }],
    ['an ended certificate', () => tls('expired'), { rung: 'tls', kind: 'certificate' }],
  ];
  it.each(failing)('tells %s as a failure, not as an error', async (_name, url, failure) => {
    expect(await ask(await url(), 700)).toMatchObject({ status: null, failure });
  });

  it('goes on where only the issuer is unknown, and says so', async () => {
    const answer = await ask(await tls('valid'));
    expect(answer).toMatchObject({ status: 200, certificateExpiresAt: '2120-01-01T00:00:00.000Z' });
    expect(answer.certificateProblem).toContain('does not know');
  });

  it.each([
    'http://169.254.169.254/',
    'http://[::ffff:169.254.169.254]/',
    'http://2852039166/',
    'http://[fe80::1]/',
  ])('never connects to %s', async (url) => {
    let connections = 0;
    const network: Network = {
      ...workerNetwork,
      connect: (to, signal) => ((connections += 1), workerNetwork.connect(to, signal)),
    };
    await expect(askHttp(network, { url }, AbortSignal.timeout(3000))).rejects.toMatchObject({
      code: 'denied',
    });
    expect(connections).toBe(0);
  });

  it('throws when its caller gives up, and when nothing was learnt', async () => {
    const soon = AbortSignal.timeout(100);
    await expect(askHttp(workerNetwork, { url: await silent() }, soon)).rejects.toBeInstanceOf(ClientError);
    const noForwarding: Network = {
      ...workerNetwork,
      connect: () => Promise.reject(new ClientError('denied', 'administratively prohibited')),
    };
    await expect(
      askHttp(noForwarding, { url: 'http://127.0.0.1:1/' }, AbortSignal.timeout(1000)),
    ).rejects.toMatchObject({ code: 'denied' });
  });
});

describe('an HTTP dependency', () => {
  const look = async (url: string) => {
    const given = service('shop', { dependencies: [{ name: 'payments', kind: 'http', url }] });
    return { given, readings: await readAll(httpDependency, given) };
  };

  it('answers 503 and asks to come back', async () => {
    const { given, readings } = await look(
      await http((_request, response) => response.writeHead(503, { 'retry-after': '7' }).end('shed')),
    );
    const finding = findingOf(dependencyFailing, given, readings);
    expect(finding).toMatchObject({
      confidence: 'confirmed',
      target: { kind: 'dependency', name: 'payments' },
    });
    expect(finding.evidence[0]?.excerpt).toBe('HTTP/1.1 503 Service Unavailable\nretry-after: 7\nshed');
  });

  it('is fine', async () => {
    const { given, readings } = await look(await http((_request, response) => response.end()));
    for (const check of [dependencyFailing, dependencySlow, dependencyUnreachable]) {
      expect(outcomeOf(check, given, readings).status).toBe('passed');
    }
    expect(outcomeOf(certificateExpired, given, readings).status).toBe('skipped');
  });

  it('breaks its answers off before their end, whatever their status says', async () => {
    const short = await raw('HTTP/1.1 200 OK\r\ncontent-length: 538\r\n\r\n{"payments": "ok"}');
    const { given, readings } = await look(short);
    const finding = findingOf(dependencyFailing, given, readings);
    expect(finding).toMatchObject({ confidence: 'likely' });
    expect(finding.summary).toContain('its answer breaks off before its end');
    expect(finding.evidence[0]?.excerpt).toContain('(content-length: 538)');
    expect(outcomeOf(dependencyUnreachable, given, readings).status).toBe('passed');
  });

  it.each([
    ['one that says its length', 'content-length: 2\r\n\r\nok'],
    ['one that ends with its connection', 'connection: close\r\n\r\nok'],
  ])('gives a whole answer: %s', async (_name, rest) => {
    const { given, readings } = await look(await raw(`HTTP/1.1 200 OK\r\n${rest}`));
    expect(outcomeOf(dependencyFailing, given, readings).status).toBe('passed');
  });

  it('takes the connection and says nothing', async () => {
    const { given, readings } = await look(await silent());
    expect(findingOf(dependencySlow, given, readings)).toMatchObject({ confidence: 'confirmed' });
    expect(outcomeOf(dependencyFailing, given, readings).status).toBe('passed');
  });

  it('has a certificate that ended', async () => {
    const { given, readings } = await look(await tls('expired'));
    const finding = findingOf(certificateExpired, given, readings);
    expect(finding).toMatchObject({ confidence: 'confirmed', since: '2020-02-01T00:00:00.000Z' });
    expect(finding.evidence[0]?.excerpt).toContain('certificate has expired');
    expect(outcomeOf(dependencyUnreachable, given, readings).status).toBe('passed');
  });
});

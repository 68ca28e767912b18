import { describe, expect, it } from 'vitest';
import type { Network } from '../../src/clients/host-connection.js';
import { parseHaproxyStat } from '../../src/clients/haproxy.js';
import { postgresAddress } from '../../src/clients/postgres-address.js';
import { ClientError } from '../../src/model/client-error.js';
import { WORKER } from '../../src/probes/define-probe.js';
import { appAnswer } from '../../src/probes/app-answer.js';
import { balancerMembers } from '../../src/probes/balancer-members.js';
import { databaseSessions } from '../../src/probes/database-sessions.js';
import { healthAnswer } from '../../src/probes/health-answer.js';
import { maintenanceMarker } from '../../src/probes/maintenance-marker.js';
import { postgresDependency } from '../../src/probes/postgres-dependency.js';
import { proxyLog } from '../../src/probes/proxy-log.js';
import { redisDependency } from '../../src/probes/redis-dependency.js';
import { service } from '../helpers/service.js';

const full = service('shop', {
  hosts: ['api-1', 'api-2', 'api-3', 'api-4'],
  url: 'https://ana:hunter2@shop.example.com/start',
  database: { kind: 'postgres', url: 'postgres://app:hunter2@db:5433/orders' },
  dependencies: [{ name: 'cache', kind: 'redis', url: 'redis://:hunter2@cache.internal:6379/0' }],
  balancer: { kind: 'haproxy', statsUrl: 'http://ana:hunter2@lb/stats;csv', pool: 'api' },
  proxy: { kind: 'nginx', errorLog: '/var/log/nginx/error.log' },
});

describe('sources', () => {
  it('never hold a password', () => {
    const all = [
      appAnswer,
      balancerMembers,
      databaseSessions,
      healthAnswer,
      postgresDependency,
      redisDependency,
    ];
    for (const probe of all) {
      for (const place of probe.places(full)) expect(probe.source(full, place)).not.toContain('hunter2');
    }
  });

  it('say where it was asked', () => {
    expect(
      databaseSessions.source(full, { target: { kind: 'dependency', name: 'database' }, from: 'any-host' }),
    ).toBe('pg_stat_activity of app@db:5433/orders');
    expect(postgresDependency.places(full)).toHaveLength(4);
    expect(balancerMembers.places(full)).toEqual([
      { target: { kind: 'balancer', name: 'api' }, from: WORKER },
    ]);
  });
});

it("never asks the worker's loopback instead of a host's", async () => {
  const worker: Network = {
    name: WORKER,
    connect: () => Promise.reject(new Error('must not connect')),
    connectUnix: () => Promise.reject(new Error('must not connect')),
  };
  const [place] = healthAnswer.places(full);
  const asked = healthAnswer.read({
    service: full,
    place: place!,
    network: worker,
    signal: AbortSignal.timeout(500),
  });
  await expect(asked).rejects.toMatchObject({ code: 'denied' });
});

it('says how to be let in at a socket', async () => {
  const network: Network = {
    name: 'lb-1',
    connect: () => Promise.reject(new Error('must not connect')),
    connectUnix: () => Promise.reject(new ClientError('denied', 'permission denied')),
  };
  const given = service('shop', {
    balancer: { kind: 'haproxy', host: 'lb-1', socket: '/run/haproxy/admin.sock', pool: 'api' },
  });
  const place = { target: { kind: 'balancer' as const, name: 'api' }, from: 'lb-1' };
  await expect(
    balancerMembers.read({ service: given, place, network, signal: AbortSignal.timeout(500) }),
  ).rejects.toMatchObject({
    code: 'denied',
    message: expect.stringContaining('usermod -aG haproxy') as string,
  });
});

it.each([
  ['postgres://app@db/orders', 'app@db:5432/orders'],
  ['postgres://localhost/orders?host=/run/postgresql&user=app', 'app@/run/postgresql:5432/orders'],
  ['postgres://a%40b:x@[::1]:6432/o', 'a@b@::1:6432/o'],
])('%s leads to %s', (url, label) => {
  expect(postgresAddress(url).label).toBe(label);
});

it.each(['', 'Permission denied.', '<html>'])('refuses what is no table: %j', (text) => {
  expect(() => parseHaproxyStat(text)).toThrow(ClientError);
});

describe('proxy-log', () => {
  const parse = (stdout: string) => proxyLog.parse({ stdout, exitCode: 0 }, full);
  const clock = 'now 2026/11/22 10:00:00 1795341600 ana';

  it('reads the kinds of lines that nginx 1.22 wrote', () => {
    const { lines } = parse(
      [
        clock,
        '2026/11/22 09:59:30 [error] 12#12: *1 limiting requests, excess: 4.061 by zone "customer", client: 10.0.0.1, server: , request: "GET / HTTP/1.1", host: "shop"',
        '2026/11/22 09:59:40 [error] 12#12: *2 connect() failed (111: Connection refused) while connecting to upstream, client: 10.0.0.2, server: , request: "GET / HTTP/1.1", upstream: "http://127.0.0.1:8001/", host: "shop"',
        '2026/11/22 09:59:50 [error] 12#12: *3 upstream timed out (110: Connection timed out) while reading response header from upstream',
        '2026/11/22 09:59:55 [alert] 12#12: *4 3 worker_connections are not enough while connecting to upstream, client: 10.0.0.2, server: , request: "GET / HTTP/1.1"',
        '2026/11/22 09:59:56 [alert] 12#12: *5 socket() failed (24: Too many open files) while connecting to upstream, client: 10.0.0.2, server: ',
        '2026/11/22 09:59:57 [error] 12#12: *6 broken header: "GET / HTTP/1.1',
        'Host: shop.test',
        'noise',
      ].join('\n'),
    );
    expect(lines.map(({ kind, ageSeconds }) => [kind, ageSeconds])).toEqual([
      ['rate-limited', 30],
      ['upstream-refused', 20],
      ['upstream-timeout', 10],
      ['worker-connections', 5],
      ['open-files', 4],
      ['proxy-line-missing', 3],
    ]);
    expect(lines[0]).toMatchObject({ zone: 'customer', client: '10.0.0.1' });
    expect(lines[1]).toMatchObject({ upstream: 'http://127.0.0.1:8001/' });
  });

  it('counts the processes of nginx, where the host told them', () => {
    const line = '2026/11/22 09:59:50 [error] 12#12: *3 no live upstreams while connecting to upstream';
    expect(parse(`${clock}\nnginx 3\n${line}`)).toMatchObject({
      processes: 3,
      lines: [{ kind: 'no-live-upstreams' }],
    });
    expect(parse(`${clock}\n${line}`)).toEqual(
      expect.not.objectContaining({ processes: expect.anything() as number }),
    );
    expect(() => parse(`${clock}\nnginx 3\ntail: cannot open '/x': Permission denied`)).toThrow(ClientError);
  });

  it.each([
    [`${clock}\ntail: cannot open '/x' for reading: Permission denied`, 'denied', 'usermod -aG adm ana'],
    [
      `${clock}\ntail: cannot open '/x' for reading: No such file or directory`,
      'not-installed',
      'proxy.errorLog',
    ],
    ['sh: tail: not found', 'not-installed', 'tail'],
  ])('tells why it cannot be read', (stdout, code, words) => {
    expect(() => parse(stdout)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(words) as string }) as Error,
    );
  });
});

describe('maintenance-marker', () => {
  it('reads configuration lines and files that exist', () => {
    const stdout =
      'readable\nconfig /etc/nginx/conf.d/a.conf:3:  return 503;\nmarker 1795341600 /srv/api/off\nend\n';
    expect(maintenanceMarker.parse({ stdout, exitCode: 0 }, full)).toMatchObject({
      configRead: true,
      configLines: ['/etc/nginx/conf.d/a.conf:3:  return 503;'],
      markers: [{ path: '/srv/api/off' }],
    });
  });
  it('refuses output that was cut', () => {
    expect(() => maintenanceMarker.parse({ stdout: 'readable\n', exitCode: 124 }, full)).toThrow(ClientError);
  });
});

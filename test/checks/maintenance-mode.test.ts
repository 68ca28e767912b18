import { describe, expect, it } from 'vitest';
import { maintenanceMode } from '../../src/checks/maintenance-mode.js';
import { rateLimited } from '../../src/checks/rate-limited.js';
import type { Reading } from '../../src/model/reading.js';
import type { Facts } from '../../src/probes/index.js';
import { NOW, outcomeOf, reading } from '../builders/readings.js';
import { service } from '../helpers/service.js';

type Answer = Facts['healthAnswer'];

const given = service('shop', {
  url: 'http://shop/',
  balancer: { kind: 'haproxy', host: 'lb', socket: '/run/haproxy/admin.sock', pool: 'shop' },
  proxy: { kind: 'nginx', errorLog: '/var/log/nginx/error.log' },
});
const host = { kind: 'host', name: 'local' } as const;
const pool = { kind: 'balancer', name: 'shop' } as const;

const NGINX = '<h1>503 Service Temporarily Unavailable</h1><hr><center>nginx/1.22.1</center>';
const HAPROXY = '<h1>503 Service Unavailable</h1>No server is available to handle this request.';
const BY_HAND = '<h1>We are down for maintenance</h1>';

const answer = (status: number, body = ''): Answer => ({
  request: 'GET http://shop/ HTTP/1.1',
  status,
  reasonPhrase: null,
  headers: {},
  body,
  failure: null,
  firstByteMs: 1,
  certificateExpiresAt: null,
});
const users = (body: string): Reading =>
  reading('publicAnswer', { answers: [answer(503, body)] }, { kind: 'service', name: 'shop' });
const member = (status: number, body = ''): Reading =>
  reading(
    'memberAnswer',
    { members: [{ name: 'a', address: '10.0.0.1:80', answer: answer(status, body) }] },
    pool,
  );
const app = (status: number): Reading => reading('appAnswer', answer(status), host);
const marker: Reading = reading(
  'maintenanceMarker',
  {
    configRead: true,
    configLines: ['/etc/nginx/conf.d/shop.conf:9: return 503;'],
    markers: [{ path: '/srv/shop/off', modifiedAt: '2026-11-22T09:00:00.000Z', line: '/srv/shop/off' }],
  },
  host,
);
/** HAProxy's line for the users' request. */
const logged = (state: string): Reading =>
  reading(
    'balancerLog',
    {
      readFrom: 'journal',
      served: 0,
      unreadable: 0,
      spans: [],
      changes: [],
      servedSince: 0,
      retriedSince: 0,
      clients: null,
      isCut: false,
      failed: [
        {
          at: NOW,
          ageSeconds: 0,
          frontend: 'public',
          backend: 'shop',
          server: null,
          timers: { request: 0, queue: -1, connect: -1, response: -1, total: 0 },
          status: 503,
          state,
          retries: 0,
          queued: { member: 0, pool: 0 },
          request: 'GET / HTTP/1.1',
          line: `public shop/<NOSRV> 503 ${state}`,
        },
      ],
    },
    pool,
  );

const judge = (...readings: Reading[]) => outcomeOf(maintenanceMode, given, readings);

describe('maintenance mode behind a balancer (diagnosis 2.7)', () => {
  it('also takes the members down: what nginx says at each of them tells', () => {
    const all = [users(HAPROXY), member(503, NGINX), app(200), logged('SC--')];
    expect(judge(...all, marker)).toMatchObject({ status: 'failed', finding: { confidence: 'confirmed' } });
    expect(judge(...all)).toMatchObject({ status: 'failed', finding: { confidence: 'likely' } });
  });

  it('is not sure where nginx says it for a file that is not there', () => {
    const looked: Reading = reading(
      'maintenanceMarker',
      {
        configRead: true,
        configLines: ['/etc/nginx/conf.d/shop.conf:9: try_files /start.html =503;'],
        markers: [],
      },
      host,
    );
    const outcome = outcomeOf(maintenanceMode, given, [users(NGINX), looked, app(200)]);
    expect(outcome).toMatchObject({ status: 'failed', finding: { confidence: 'possible' } });
    const both = outcomeOf(maintenanceMode, given, [users(NGINX), looked, { ...marker }, app(200)]);
    expect(both).toMatchObject({ finding: { confidence: 'confirmed' } });
  });

  it('is not what a marker that nobody goes by means', () => {
    expect(judge(users(HAPROXY), member(200), app(200), marker, logged('SC--'))).toMatchObject({
      status: 'passed',
    });
    expect(judge(users(HAPROXY), marker)).toMatchObject({ status: 'passed' });
  });

  it("is no word of HAProxy's page where it found nobody to ask, whoever wrote that page", () => {
    expect(judge(users(BY_HAND), app(503), logged('SC--'))).toMatchObject({ status: 'passed' });
    expect(judge(users(BY_HAND), app(200), logged('LR--'))).toMatchObject({ status: 'failed' });
    expect(judge(users(BY_HAND), app(200))).toMatchObject({ status: 'failed' });
  });
});

describe('nginx that makes a 503 of the errors of the app', () => {
  const configured = (...configLines: string[]): Reading =>
    reading('maintenanceMarker', { configRead: true, configLines, markers: [] }, host);
  const mapped = 'shop.conf:1:error_page 502 504 =503 /sorry.html;';
  const page = 'shop.conf:5:return 503 "<h1>We are down for maintenance</h1>";';

  it.each([
    ['the app fails: its failure is what users see', [mapped, page], 503, 'passed'],
    ['the app serves: it is no page of its errors', [mapped, page], 200, 'failed'],
    ['somebody has switched it off as well', [mapped, 'shop.conf:9:return 503;'], 503, 'failed'],
    ['nothing is made of errors', [page], 503, 'failed'],
  ])('%s', (_name, lines, status, expected) => {
    expect(judge(users(NGINX), app(status), configured(...lines))).toMatchObject({ status: expected });
  });

  it('makes it also of the answers that it does not get, while the app serves whoever finds it', () => {
    const refused = (ageSeconds: number, name: string): Reading =>
      reading(
        'proxyLog',
        {
          path: '/var/log/nginx/error.log',
          lines: [
            {
              ...{ at: '2026-11-22T10:43:59.000Z', ageSeconds, level: 'error', zone: null },
              ...{ kind: 'upstream-refused', client: '10.0.0.9', upstream: 'http://127.0.0.1:8100/' },
              line: `connect() failed (111: Connection refused) while connecting to upstream, client: 10.0.0.9, host: "${name}"`,
            },
          ],
        },
        host,
      );
    const judgeIt = (ageSeconds: number, name = 'shop') =>
      judge(users(NGINX), app(200), configured(mapped, page), refused(ageSeconds, name));
    expect(judgeIt(2)).toMatchObject({ status: 'passed' });
    expect(judgeIt(2, 'other.test')).toMatchObject({ status: 'failed' });
    expect(judgeIt(61)).toMatchObject({ status: 'failed' });
  });

  it('makes it also of a sign-on that fails, which it asks for leave before each request', () => {
    const line =
      'auth request unexpected status: 503 while sending to client, client: 10.0.0.9, server: shop, host: "shop"';
    const noLeave = reading(
      'proxyLog',
      {
        path: '/var/log/nginx/error.log',
        lines: [
          {
            ...{ at: '2026-11-22T10:43:59.000Z', ageSeconds: 2, level: 'error', zone: null, line },
            ...{ kind: 'leave-not-given', client: '10.0.0.9', upstream: null },
          },
        ],
      },
      host,
    );
    expect(judge(users(NGINX), app(200), configured(mapped), noLeave)).toMatchObject({ status: 'passed' });
  });
});

describe('a switch beside a limit that refuses somebody now and then', () => {
  const three = reading(
    'publicAnswer',
    { answers: [answer(503, NGINX), answer(503, NGINX), answer(503, NGINX)] },
    { kind: 'service', name: 'shop' },
  );
  const refusals = (count: number): Reading => {
    const line = {
      ...{ at: '2026-11-22T10:43:59.000Z', ageSeconds: 4, level: 'error', zone: 'clients' },
      ...{ kind: 'rate-limited' as const, client: '10.0.0.9', upstream: null },
      line: 'limiting requests, excess: 0.202 by zone "clients", client: 10.0.0.9, host: "shop"',
    };
    const lines = Array.from({ length: count }, () => line);
    return reading('proxyLog', { path: '/var/log/nginx/error.log', lines }, host);
  };

  it.each([
    ['fewer lines than refusals of ours: those are the switch', 1, 'failed', 'possible'],
    ['a line for each of ours: that is the limit', 3, 'passed', 'confirmed'],
  ])('%s', (_why, lines, maintenance, confidence) => {
    expect(judge(three, app(200), refusals(lines))).toMatchObject({ status: maintenance });
    expect(outcomeOf(rateLimited, given, [three, refusals(lines)])).toMatchObject({
      status: 'failed',
      finding: { confidence },
    });
  });
});

describe('a waiting room', () => {
  const judge = (body: string, headers: Record<string, string>) =>
    outcomeOf(maintenanceMode, given, [
      reading(
        'publicAnswer',
        { answers: [{ ...answer(503, body), headers }] },
        { kind: 'service', name: 'shop' },
      ),
      app(503),
    ]);

  it.each([
    'You are now in line. When it is your turn, you will have 10 minutes to enter the website.',
    '<title>Waiting Room</title>',
    '{"message": "We are full. We let you in as soon as a place is free."}',
  ])('asks to wait for a turn: %s', (body) => {
    expect(judge(body, { 'retry-after': '30' })).toMatchObject({
      status: 'failed',
      finding: { confidence: 'likely', summary: expect.stringContaining("wait for one's turn") as string },
    });
  });

  it('may tell the date on which to come again', () => {
    const soon = new Date(Date.parse(NOW) + 90_000).toUTCString();
    expect(judge('<title>Waiting Room</title>', { 'retry-after': soon })).toMatchObject({
      finding: { summary: expect.stringContaining('come back in 90 s') as string },
    });
  });

  it.each(['{"error": "waiting room service timed out"}', 'All our workers are busy, you are in the queue.'])(
    'is none that fails itself: %s',
    (body) => {
      expect(judge(body, { 'retry-after': '5' })).toMatchObject({ status: 'passed' });
    },
  );

  it('says when to come again: an overload may use the same words', () => {
    expect(judge('Too many requests wait in line; you are in the queue.', {})).toMatchObject({
      status: 'passed',
    });
  });
});

describe('a 503 of the app that names its end', () => {
  const judge = (seconds: number, health: number, body = 'Stock-taking') =>
    outcomeOf(maintenanceMode, given, [
      reading(
        'publicAnswer',
        { answers: [{ ...answer(503, body), headers: { 'retry-after': String(seconds) } }] },
        { kind: 'service', name: 'shop' },
      ),
      app(503),
      reading('healthAnswer', answer(health), host),
    ]);

  it.each([
    ['two hours ahead, and its health check is well', 7200, 200, 'failed'],
    ['two hours ahead, and its health check fails', 7200, 503, 'passed'],
    ['a minute ahead', 60, 200, 'passed'],
    ['forty years ahead', 1_227_994_080, 200, 'passed'],
  ])('%s', (_why, seconds, health, status) => {
    expect(judge(seconds, health)).toMatchObject({ status });
  });

  it('may be a failure all the same', () => {
    expect(judge(3600, 200, 'Error establishing a database connection')).toMatchObject({ status: 'passed' });
    const page =
      'The server is temporarily unable to service your request due to maintenance downtime or capacity\nproblems.';
    expect(judge(0, 200, page)).toMatchObject({ status: 'passed' });
  });
});

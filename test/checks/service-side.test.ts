import { describe, expect, it } from 'vitest';
import { appBlamesDependency } from '../../src/checks/app-blames-dependency.js';
import { appPoolExhausted } from '../../src/checks/app-pool-exhausted.js';
import { concurrencyLimited } from '../../src/checks/concurrency-limited.js';
import { memberDownThoughHealthy } from '../../src/checks/member-down-though-healthy.js';
import { memberDraining } from '../../src/checks/member-draining.js';
import { dependencyFailing } from '../../src/checks/dependency-failing.js';
import { dependencySlow } from '../../src/checks/dependency-slow.js';
import { healthEndpointFailing } from '../../src/checks/health-endpoint-failing.js';
import { healthEndpointMisplaced } from '../../src/checks/health-endpoint-misplaced.js';
import { healthEndpointSlow } from '../../src/checks/health-endpoint-slow.js';
import { healthFlapping } from '../../src/checks/health-flapping.js';
import { poolerQueueWaiting } from '../../src/checks/pooler-queue-waiting.js';
import { wrongUpstream } from '../../src/checks/wrong-upstream.js';
import type { Check } from '../../src/checks/define-check.js';
import type { Reading } from '../../src/model/reading.js';
import type { Facts } from '../../src/probes/index.js';
import { NOW, outcomeOf, reading } from '../builders/readings.js';
import { service } from '../helpers/service.js';

const given = service('shop', {
  url: 'http://shop/',
  dependencies: [{ name: 'cache', kind: 'redis', url: 'redis://cache' }],
});
const host = { kind: 'host', name: 'local' } as const;
const database = { kind: 'dependency', name: 'database' } as const;
const judge = (check: Check, ...readings: Reading[]) => outcomeOf(check, given, readings);
const failed = (confidence: string, words = '') => ({
  status: 'failed',
  finding: { confidence, summary: expect.stringContaining(words) as string },
});

const answer = (status: number | null, over: Partial<Facts['healthAnswer']> = {}): Facts['healthAnswer'] => ({
  request: 'GET http://shop/ HTTP/1.1',
  status,
  reasonPhrase: null,
  headers: {},
  body: '',
  failure: status === null ? { rung: 'answer', kind: 'timeout', message: 'no answer within 5000 ms' } : null,
  firstByteMs: 12,
  certificateExpiresAt: null,
  ...over,
});
const health = (...args: Parameters<typeof answer>) => reading('healthAnswer', answer(...args), host);
const app = (...args: Parameters<typeof answer>) => reading('appAnswer', answer(...args), host);

describe('the health endpoint (diagnosis 2.3)', () => {
  it.each([
    ['answers 200', [health(200), app(200)], { status: 'passed' }],
    [
      'fails though real requests work',
      [health(503), app(200)],
      failed('confirmed', 'though real requests get 200'),
    ],
    ['fails as real requests do', [health(503), app(503)], failed('confirmed', 'real requests fail too')],
    ['fails, nothing to compare with', [health(null)], failed('likely', 'no answer within 5000 ms')],
  ] as const)('%s', (_name, readings, expected) => {
    expect(judge(healthEndpointFailing, ...readings)).toMatchObject(expected);
  });

  it.each([
    [401, 200, failed('confirmed', 'asks for a login')],
    [404, 200, failed('confirmed', 'nothing at this path')],
    [404, 404, failed('likely')],
    [301, 200, failed('possible', 'trailing slash')],
    [204, 200, { status: 'passed' }],
    [503, 200, { status: 'skipped' }],
  ])('answers %i where real requests get %i', (status, real, expected) => {
    expect(judge(healthEndpointMisplaced, health(status), app(real))).toMatchObject(expected);
  });

  it.each([
    [900, 10, { status: 'passed' }],
    [1500, 10, failed('possible')],
    [2500, 10, failed('confirmed', '2.5 s; a real request 10 ms')],
    [2500, 2400, failed('likely')],
  ])('takes %i ms where a real request takes %i', (ms, real, expected) => {
    expect(
      judge(healthEndpointSlow, health(200, { firstByteMs: ms }), app(200, { firstByteMs: real })),
    ).toMatchObject(expected);
  });
});

const member = (over: object): Facts['balancerMembers']['members'][number] => ({
  name: 'a',
  status: 'UP',
  queued: 0,
  queuedMax: 0,
  sessions: 0,
  sessionLimit: null,
  responses5xx: 0,
  connectionErrors: 0,
  lastChangeSeconds: 60,
  downTransitions: 0,
  active: 1,
  line: 'api,a',
  address: '10.0.0.1:80',
  checkStatus: 'L7OK',
  checkCode: 200,
  lastCheck: null,
  checkDurationMs: 1,
  failedChecks: 0,
  takenOutByAnswers: 0,
  weight: 1,
  ...over,
});
const pool = (queued: number, ...members: object[]) =>
  reading(
    'balancerMembers',
    {
      pool: { ...member({ name: 'BACKEND' }), queued },
      members: members.map(member),
      fullFrontends: [],
      closedFrontends: [],
      rejectingFrontends: [],
      monitoringFrontends: [],
      answeredFrom: 'socket',
    },
    { kind: 'balancer', name: 'api' },
  );

describe('the balancer', () => {
  it.each([
    [{ downTransitions: 2 }, { status: 'passed' }],
    [{ downTransitions: 4, failedChecks: 20 }, failed('likely', 'fell 4 times')],
    [{ downTransitions: 4, lastChangeSeconds: 4000 }, { status: 'passed' }],
    [{ downTransitions: 4, status: 'MAINT' }, { status: 'passed' }],
  ])('flaps with %o', (state, expected) => {
    expect(judge(healthFlapping, pool(0, state))).toMatchObject(expected);
  });

  it.each([
    ['L7TOUT', 2400, { status: 'passed' }],
    ['L7TOUT', 20, failed('likely', 'though real requests get 200')],
    ['L7STS', 2400, failed('likely')],
  ])('holds a member down by %s whose real requests take %i ms', (checkStatus, firstByteMs, expected) => {
    const down = pool(0, {
      name: 'local',
      status: 'DOWN',
      checkStatus,
      checkCode: 503,
      checkDurationMs: 2001,
    });
    expect(judge(memberDownThoughHealthy, down, health(200), app(200, { firstByteMs }))).toMatchObject(
      expected,
    );
  });

  it.each([
    [
      'observe took it out, and no check failed',
      { takenOutByAnswers: 1, failedChecks: 1 },
      failed('likely', 'observe'),
    ],
    ['checks failed as well: it comes back', { takenOutByAnswers: 1, failedChecks: 4 }, { status: 'passed' }],
    [
      'and one more takes it back',
      { takenOutByAnswers: 1, failedChecks: 1, status: 'DOWN 1/2' },
      { status: 'passed' },
    ],
    ['no answers were counted', {}, { status: 'passed' }],
  ])('passes the checks of a member that is down: %s', (_name, state, expected) => {
    const down = pool(0, { name: 'local', status: 'DOWN 3/20', ...state });
    expect(judge(memberDownThoughHealthy, down, health(200), app(200))).toMatchObject(expected);
  });

  it('gives nothing to members of no weight, though they are up', () => {
    expect(judge(memberDraining, pool(0, { weight: 0 }, { weight: 0 }))).toMatchObject(
      failed('confirmed', '2 of 2 members set aside (weight 0); 0 take requests'),
    );
    const one = judge(memberDraining, pool(0, { weight: 0, status: 'DRAIN' }, { weight: 5 }));
    expect(one).toMatchObject(failed('possible', '1 of 2 members set aside (DRAIN); 1 take requests'));
  });

  it('queues for members at their limit: that is load', () => {
    const full = { sessions: 10, sessionLimit: 10 };
    const outcome = judge(concurrencyLimited, pool(7, full, full));
    expect(outcome).toMatchObject({ finding: { cause: 'overload', confidence: 'likely' } });
    expect(judge(concurrencyLimited, pool(7, full, { sessions: 1, sessionLimit: 10 }))).toMatchObject({
      status: 'passed',
    });
  });
});

const journal = (...messages: string[]) =>
  reading(
    'unitJournal',
    {
      unit: 'shop',
      lines: messages.map((message) => ({
        at: NOW,
        process: 'app',
        pid: 1,
        message,
        line: `app: ${message}`,
      })),
    },
    host,
  );

describe('the pool of the app', () => {
  const sqlalchemy = 'QueuePool limit of size 5 overflow 10 reached, connection timed out, timeout 30.00';
  const asyncpg = (end: string) => [
    '  File "/usr/lib/python3/dist-packages/asyncpg/pool.py", line 840, in _acquire',
    '    return await compat.wait_for(',
    end,
  ];
  const hikari = (counts: string) =>
    `Connection is not available, request timed out after 30000ms (${counts})`;
  it.each([
    ['nothing said', [], { status: 'passed' }],
    ['SQLAlchemy', [sqlalchemy, sqlalchemy], failed('confirmed', '2 times')],
    ['HikariCP, all active', [hikari('total=10, active=10, idle=0, waiting=3')], failed('likely')],
    ['HikariCP, dead sockets', [hikari('total=10, active=0, idle=10, waiting=0')], { status: 'passed' }],
    ['HikariCP, database away', [hikari('total=0, active=0, idle=0, waiting=3')], { status: 'passed' }],
    ['asyncpg, which says it by its place', asyncpg('TimeoutError'), failed('likely')],
    ['asyncpg, by the name of a module', asyncpg('asyncio.exceptions.TimeoutError'), failed('likely')],
    [
      'asyncpg, which waits for a server that says nothing',
      [
        '  File "/usr/lib/python3/dist-packages/asyncpg/connect_utils.py", line 9, in _connect',
        ...asyncpg('TimeoutError'),
      ],
      { status: 'passed' },
    ],
    ['asyncpg, no server', asyncpg('ConnectionRefusedError: [Errno 111]'), { status: 'passed' }],
    ['the server refuses', [sqlalchemy, 'FATAL: sorry, too many clients already'], { status: 'passed' }],
  ] as const)('%s', (_name, messages, expected) => {
    expect(judge(appPoolExhausted, journal(...messages), health(503))).toMatchObject(expected);
  });
});

const sessions = (over: Partial<Facts['databaseSessions']>) =>
  reading(
    'databaseSessions',
    {
      address: 'app@db:5432/orders',
      refused: null,
      usage: [],
      groups: [],
      lockSessions: [],
      limits: [],
      pools: null,
      ...over,
    },
    database,
  );
const usage = (over: object) => ({
  used: 20,
  usable: 97,
  maxConnections: 100,
  active: 0,
  idle: 0,
  idleInTransaction: 0,
  idleInTransactionOld: 0,
  oldestIdleInTransactionAt: null,
  waitingForLock: 0,
  hidden: 0,
  activeLong: 0,
  ...over,
});

describe('the database', () => {
  const queue = (clientsWaiting: number, maxWaitSeconds: number) => ({
    pools: [
      {
        database: 'orders',
        user: 'app',
        clientsActive: 5,
        clientsWaiting,
        serversActive: 5,
        serversIdle: 0,
        serversLogin: 0,
        maxWaitSeconds,
        paused: false,
        line: 'orders | app',
      },
    ],
  });
  it.each([
    [queue(0, 0), { status: 'passed' }],
    [queue(3, 0.2), { status: 'passed' }],
    [queue(3, 2), failed('likely', '3 clients wait')],
    [queue(30, 20), failed('confirmed')],
    [
      { refused: { code: '08P01', message: 'FATAL: no more connections allowed (max_client_conn)' } },
      failed('confirmed'),
    ],
    [{}, { status: 'skipped' }],
  ])('has a pooler with %o', (fact, expected) => {
    expect(judge(poolerQueueWaiting, sessions(fact))).toMatchObject(expected);
  });

  it('is slow when most sessions compute', () => {
    const busy = sessions({ usage: [usage({ active: 18, activeLong: 15 })] });
    expect(judge(dependencySlow, busy)).toMatchObject(
      failed('likely', '15 of 20 sessions run one statement'),
    );
    const waiting = sessions({ usage: [usage({ active: 18, activeLong: 15, waitingForLock: 14 })] });
    expect(judge(dependencySlow, waiting)).toMatchObject({ status: 'skipped' });
  });
});

const dependency = (kind: 'redis' | 'postgres', failure: Facts['redisDependency']['failure'], details = {}) =>
  reading(
    kind === 'redis' ? 'redisDependency' : 'postgresDependency',
    {
      kind,
      address: 'x:1',
      rung: failure?.rung ?? 'answer',
      failure,
      latencyMs: 1,
      certificateExpiresAt: null,
      details,
      lines: ['line'],
    },
    kind === 'redis' ? { kind: 'dependency', name: 'cache' } : database,
  );
const redis = (over: object) => ({
  role: 'master',
  loading: false,
  connectedClients: 1,
  maxClients: 100,
  usedMemoryBytes: 10,
  maxMemoryBytes: 0,
  maxMemoryPolicy: 'noeviction',
  lastSaveStatus: 'ok',
  lastAppendStatus: 'ok',
  masterLinkStatus: null,
  errorCounts: {},
  refusedMeanwhile: {},
  ...over,
});

describe('a dependency that refuses', () => {
  it.each([
    ['well', {}, { status: 'passed' }],
    [
      'evicts',
      { usedMemoryBytes: 99, maxMemoryBytes: 99, maxMemoryPolicy: 'allkeys-lru' },
      { status: 'passed' },
    ],
    ['nearly full', { usedMemoryBytes: 99, maxMemoryBytes: 100 }, failed('likely', 'soon')],
    ['MISCONF now', { refusedMeanwhile: { MISCONF: 3 } }, failed('confirmed', 'MISCONF')],
    ['a replica meant to be one', { role: 'slave', masterLinkStatus: 'up' }, { status: 'passed' }],
    ['an old OOM', { errorCounts: { OOM: 9 } }, { status: 'passed' }],
    ['rejects clients', { refusedMeanwhile: { rejected_connections: 2 } }, failed('confirmed')],
  ])('Redis: %s', (_name, state, expected) => {
    expect(judge(dependencyFailing, dependency('redis', null, redis(state)))).toMatchObject(expected);
  });

  it.each([
    ['57P03', 'FATAL: the database system is starting up', 'other', failed('confirmed', 'starting up')],
    ['28P01', 'FATAL: password authentication failed for user "app"', 'denied', { status: 'unknown' }],
    ['53300', 'FATAL: sorry, too many clients already', 'other', { status: 'skipped' }],
    ['08P01', 'FATAL: no more connections allowed (max_client_conn)', 'other', { status: 'skipped' }],
  ] as const)('PostgreSQL: %s', (code, message, kind, expected) => {
    expect(
      judge(dependencyFailing, dependency('postgres', { rung: 'auth', kind, message, code })),
    ).toMatchObject(expected);
  });
});

describe('the way to the app (diagnosis 2.7)', () => {
  const asked = reading('publicAnswer', { answers: [answer(503)] }, { kind: 'service', name: 'shop' });

  it('is not cleared by an app that nobody could ask', () => {
    expect(judge(wrongUpstream, asked)).toMatchObject({ status: 'skipped' });
    expect(judge(wrongUpstream, asked, app(503))).toMatchObject({ status: 'passed' });
  });

  const said = (kind: 'upstream-refused' | 'upstream-timeout', upstream: string, words = 'connecting to') =>
    reading(
      'proxyLog',
      {
        path: '/var/log/nginx/error.log',
        lines: [
          {
            at: NOW,
            ageSeconds: 1,
            level: 'error',
            kind,
            zone: null,
            client: '10.0.0.9',
            upstream,
            line: `failed while ${words} upstream, upstream: "${upstream}", host: "shop"`,
          },
        ],
      },
      host,
    );

  it.each([
    ['another port', said('upstream-refused', 'http://127.0.0.1:8010/'), failed('confirmed', '8010')],
    [
      'an address that nobody has',
      said('upstream-timeout', 'http://10.0.0.91:8000/'),
      failed('confirmed', 'port 8000 of the host itself'),
    ],
    ['the very place', said('upstream-refused', 'http://127.0.0.1:8000/'), { status: 'passed' }],
    [
      'somebody who is only late',
      said('upstream-timeout', 'http://10.0.0.91:8000/', 'reading response header from'),
      { status: 'passed' },
    ],
  ])('leads to %s', (_name, log, expected) => {
    expect(judge(wrongUpstream, asked, app(200), log)).toMatchObject(expected);
  });
});

describe('the app blames a dependency', () => {
  const shop = service('shop', {
    url: 'http://shop/',
    dependencies: [{ name: 'payments', kind: 'http', url: 'https://pay:8443/' }],
  });
  const payments = (over: Partial<Facts['httpDependency']>) =>
    reading(
      'httpDependency',
      {
        kind: 'http',
        address: 'pay:8443',
        rung: 'answer',
        failure: null,
        latencyMs: 4,
        certificateExpiresAt: null,
        details: {},
        lines: [],
        ...over,
      },
      { kind: 'dependency', name: 'payments' },
    );
  const refused = { rung: 'tcp', kind: 'refused', message: 'nothing listens there', code: null } as const;
  const unknown = { certificateProblem: 'self-signed' };
  it.each([
    ['refused', payments({}), '; asked as the inventory names it, it answers'],
    ['refused', payments({ failure: refused }), ''],
    ['refused', payments({ details: { status: 503 } }), ''],
    ['refused', payments({ details: unknown }), '; asked as the inventory names it, it answers'],
    [
      'bad certificate',
      payments({ details: unknown }),
      '; it answers, and its certificate is not trusted here either',
    ],
  ])('as %s, where it is seen to answer or not', (words, seen, more) => {
    const body = JSON.stringify({ payments: `error: ${words}` });
    const outcome = outcomeOf(appBlamesDependency, shop, [app(503, { body }), seen]);
    expect(outcome).toMatchObject({
      finding: { summary: `the app says that payments fails: error: ${words}${more}` },
    });
  });
});

describe('what the client library of the app says of a server that the app does not name', () => {
  const url = 'postgresql://diag503@db:5432/orders';
  const spare = { name: 'reports', kind: 'postgres', url } as const;
  const one = service('shop', { hosts: ['web-1'], database: { kind: 'postgres', url }, dependencies: [] });
  const two = { ...one, dependencies: [spare] };
  const lost =
    '{"error": "OperationalError", "detail": "(psycopg2.OperationalError) server closed the connection unexpectedly\\n\\tThis"}';
  it.each([
    [
      'told of the only one of its kind',
      one,
      lost,
      'psycopg2.OperationalError: server closed the connection unexpectedly',
    ],
    ['not told apart, where there are two', two, lost, null],
    [
      'not told of a table that is missing',
      one,
      '{"error": "(psycopg2.errors.UndefinedTable) relation \\"x\\" does not exist"}',
      null,
    ],
    ['not told of a server that nobody declared', { ...one, database: undefined }, lost, null],
  ])('is %s', (_name, given, body, words) => {
    const outcome = outcomeOf(appBlamesDependency, given, [app(503, { body })]);
    const summary = expect.stringContaining(`the app says that database fails: ${String(words)}`) as string;
    expect(outcome).toMatchObject(words === null ? { status: 'passed' } : { finding: { summary } });
  });
});

import { describe, expect, it } from 'vitest';
import { healthFlapping } from '../../src/checks/health-flapping.js';
import { wrongUpstream } from '../../src/checks/wrong-upstream.js';
import type { Reading } from '../../src/model/reading.js';
import { balancerLog, BalancerLog } from '../../src/probes/balancer-log.js';
import type { Facts } from '../../src/probes/index.js';
import { outcomeOf, reading } from '../builders/readings.js';
import { answer } from '../diagnosis/situation.js';
import { service } from '../helpers/service.js';

const given = service('shop', {
  hosts: ['web-1', 'web-2'],
  url: 'http://shop.lab.test/',
  balancer: { kind: 'haproxy', host: 'lb-1', socket: '/run/haproxy/admin.sock', pool: 'shop' },
});
const member = (name: string, over: object = {}) => ({
  ...{ name, status: 'UP', queued: 0, queuedMax: 0, sessions: 0, sessionLimit: null, responses5xx: 0 },
  ...{ connectionErrors: 0, lastChangeSeconds: 6, downTransitions: 1, active: 1, weight: 1 },
  ...{ address: '10.0.0.11:80', checkStatus: 'L7OK', checkCode: 200, lastCheck: null, checkDurationMs: 2 },
  ...{ failedChecks: 2, takenOutByAnswers: 0, line: `shop,${name},UP`, ...over },
});
const pool = (...members: ReturnType<typeof member>[]): Reading =>
  reading(
    'balancerMembers',
    {
      ...{ fullFrontends: [], closedFrontends: [], rejectingFrontends: [], monitoringFrontends: [] },
      ...{ answeredFrom: 'socket', pool: member('BACKEND'), members },
    },
    { kind: 'balancer', name: 'shop' },
  );
type Change = Facts['balancerLog']['changes'][number];
const change = (server: string, ageSeconds: number, over: Partial<Change> = {}): Change => ({
  ...{ server, ageSeconds, to: 'down' as const, reason: 'Layer7 wrong status, code: 503' },
  ...{ line: `Server shop/${server} is DOWN`, ...over },
});
const request = (server: string | null, ageSeconds: number, state: string, total = 2) => ({
  ...{ at: '2026-11-26T07:55:10.000Z', ageSeconds, frontend: 'public', backend: 'shop', server, state },
  ...{ timers: { request: 0, queue: 0, connect: 0, response: 2, total }, status: 503, retries: 0 },
  ...{
    queued: { member: 0, pool: 0 },
    request: 'GET / HTTP/1.1',
    line: `shop/${server ?? '<NOSRV>'} ${state}`,
  },
});
const log = (over: object): Reading =>
  reading(
    'balancerLog',
    BalancerLog.parse({ readFrom: 'journal', served: 40, unreadable: 0, failed: [], ...over }),
    { kind: 'balancer', name: 'shop' },
  );

describe('members that were all out a moment ago (2.3)', () => {
  const spans = [
    { ageSeconds: 6, served: 8, unavailable: 1 },
    { ageSeconds: 16, served: 2, unavailable: 8 },
    { ageSeconds: 26, served: 16, unavailable: 0 },
  ];
  const changes = [change('web-1', 17), change('web-2', 16)];
  const up = pool(member('web-1'), member('web-2'));
  const failed = [request(null, 12, 'SC--')];
  const judge = (members: Reading, over: object) =>
    outcomeOf(healthFlapping, given, [members, log({ failed, ...over })]);

  it('is none where nobody checks them any more', () => {
    const unchecked = { status: 'no check', checkStatus: null, checkCode: null };
    const outcome = judge(pool(member('web-1', unchecked), member('web-2', unchecked)), { changes, spans });
    expect(outcome.status).toBe('passed');
  });

  it('is the check, where the requests before it were served', () => {
    expect(judge(up, { changes, spans })).toMatchObject({
      status: 'failed',
      finding: {
        confidence: 'likely',
        summary:
          'all of 2 members were out until 6 s ago, for what their check got (Layer7 wrong status, code: 503), while requests that were passed on were served',
        since: '2026-11-22T09:59:43.000Z',
      },
    });
  });

  it.each<[string, Reading, object]>([
    [
      'the app refused requests as well',
      up,
      { changes, spans, failed: [...failed, request('web-1', 20, '----')] },
    ],
    [
      'it had requests in hand that failed later',
      up,
      { changes, spans, failed: [...failed, request('web-1', 4, 'sH--', 30_000)] },
    ],
    [
      'one came back before the other fell',
      up,
      { changes: [change('web-1', 58), change('web-2', 5)], spans },
    ],
    ['nobody asked meanwhile', up, { changes, spans, failed: [] }],
    [
      'only another pool had nobody',
      up,
      { changes, spans, failed: failed.map((line) => ({ ...line, backend: 'desk' })) },
    ],
    [
      'a proxy speaks for an app that is away',
      up,
      { changes: changes.map((one) => ({ ...one, reason: 'Layer7 wrong status, code: 502' })), spans },
    ],
    ['one of them was there', up, { changes: [change('web-1', 17)], spans }],
    ['one is out still', pool(member('web-1'), member('web-2', { status: 'DOWN' })), { changes, spans }],
    [
      'nobody answered the check',
      up,
      { changes: changes.map((one) => ({ ...one, reason: 'Layer4 connection problem' })), spans },
    ],
    ['nobody was served before', up, { changes, spans: [{ ageSeconds: 26, served: 0, unavailable: 16 }] }],
    [
      'it is long over',
      pool(member('web-1'), member('web-2', { lastChangeSeconds: 200 })),
      { changes, spans },
    ],
  ])('is nothing of that kind where %s', (_name, members, over) => {
    expect(judge(members, over)).toMatchObject({ status: 'passed' });
  });
});

describe('a second HAProxy on the same port (2.7)', () => {
  const asked = reading(
    'publicAnswer',
    { answers: [answer(503)] },
    { kind: 'service', name: 'shop' },
    'worker',
  );
  const nobody = [2, 9, 20].map((age) => request(null, age, 'SC--'));
  const judge = (lastChangeSeconds: number, failed: object[], changes: Change[] = []) =>
    outcomeOf(wrongUpstream, given, [
      asked,
      ...['web-1', 'web-2'].map((name) => reading('appAnswer', answer(200), { kind: 'host', name }, name)),
      pool(member('web-1', { lastChangeSeconds }), member('web-2', { lastChangeSeconds: 900 })),
      log({ failed, changes }),
    ]);
  const told = (confidence: string) => ({
    status: 'failed',
    finding: { confidence, summary: expect.stringContaining('another HAProxy') as string },
  });

  it('has nobody for requests while the members of the first are up', () => {
    expect(judge(45, nobody)).toMatchObject(told('possible'));
    expect(judge(45, nobody, [change('web-1', 60)])).toMatchObject(told('possible'));
  });

  it('is likely where the log says that they went down meanwhile', () => {
    expect(judge(45, nobody, [change('web-1', 30)])).toMatchObject(told('likely'));
  });

  it.each<[string, number, object[]]>([
    ['of a time before the members were up', 15, nobody],
    ['too few', 45, nobody.slice(1)],
    ['that are over', 45, [12, 19, 20].map((age) => request(null, age, 'SC--'))],
    ['refused by a member', 45, nobody.map((line) => ({ ...line, server: 'web-1' }))],
    ['of another pool', 45, nobody.map((line) => ({ ...line, backend: 'desk' }))],
  ])('is not told of by requests %s', (_name, lastChangeSeconds, failed) => {
    expect(judge(lastChangeSeconds, failed)).not.toMatchObject({
      finding: { summary: expect.stringContaining('another HAProxy') as string },
    });
  });
});

describe('what HAProxy logs of its members', () => {
  const parse = (...lines: string[]) =>
    balancerLog.parse(
      {
        stdout: ['now 27/Nov/2026:20:43:10 1795812190 diag503', 'from journal', 'served 9', ...lines].join(
          '\n',
        ),
        exitCode: 0,
      },
      given,
    ).changes;
  const at = (time: string, said: string) => `2026-11-27T20:${time}+0000 lb-1 haproxy[52]: ${said}`;
  const DOWN =
    'Server shop/web-3 is DOWN, reason: Layer7 wrong status, code: 503, info: "Service Unavailable", check duration: 1ms. 1 active and 0 backup servers left. 0 sessions active, 0 requeued, 0 remaining in queue.';

  it('tells each fall once, though stderr says it again', () => {
    expect(parse(at('42:49.633795', DOWN), at('42:49.635531', `[WARNING]  (52) : ${DOWN}`))).toMatchObject([
      { server: 'web-3', to: 'down', ageSeconds: 20.367, reason: 'Layer7 wrong status, code: 503' },
    ]);
  });

  it('tells of those that come back, oldest first, and of no other pool', () => {
    const back =
      'Server shop/web-3 is UP, reason: Layer7 check passed, code: 200, check duration: 3ms. 2 active and 0 backup servers online. 0 sessions requeued, 0 total in queue.';
    const other = DOWN.replace('shop/', 'desk/');
    expect(parse(at('43:01.176499', back), at('42:49.633795', DOWN), at('42:40.1', other))).toMatchObject([
      { to: 'down' },
      { to: 'up', reason: 'Layer7 check passed, code: 200' },
    ]);
  });
});

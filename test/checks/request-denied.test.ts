import { describe, expect, it } from 'vitest';
import { requestDenied } from '../../src/checks/request-denied.js';
import type { Facts } from '../../src/probes/index.js';
import { outcomeOf, reading } from '../builders/readings.js';
import { answer } from '../diagnosis/situation.js';
import { service } from '../helpers/service.js';

const HAPROXY_PAGE =
  '<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n</body></html>';

const given = service('shop', {
  balancer: { kind: 'haproxy', host: 'lb-1', socket: '/run/haproxy/admin.sock', pool: 'shop' },
});
const line = (ageSeconds: number): Facts['balancerLog']['failed'][number] => ({
  ...{ at: '2026-11-26T07:55:10.000Z', ageSeconds, frontend: 'public', backend: 'shop', server: null },
  ...{ timers: { request: 0, queue: -1, connect: -1, response: -1, total: 0 }, status: 503, state: 'PR--' },
  ...{ retries: 0, queued: { member: 0, pool: 0 }, request: 'GET / HTTP/1.1', line: 'shop/<NOSRV> 503 PR--' },
});
const log = (...ages: number[]) =>
  reading(
    'balancerLog',
    {
      ...{
        readFrom: 'journal',
        served: 0,
        failed: ages.map(line),
        changes: [],
        unreadable: 0,
        servedSince: 0,
        retriedSince: 0,
        clients: null,
        isCut: false,
      },
      spans: [{ ageSeconds: 12, served: 0, unavailable: ages.length }],
    },
    { kind: 'balancer', name: 'shop' },
  );

describe('a page that HAProxy keeps for `monitor-uri`', () => {
  const users = reading(
    'publicAnswer',
    { answers: [{ ...answer(503), body: HAPROXY_PAGE, firstByteMs: 6 }] },
    { kind: 'service', name: 'shop' },
  );
  const row = (name: string): Facts['balancerMembers']['pool'] => ({
    ...{ name, status: 'UP', queued: 0, queuedMax: 0, sessions: 0, sessionLimit: null, responses5xx: 0 },
    ...{ connectionErrors: 0, lastChangeSeconds: 7, downTransitions: 0, active: 1, line: name },
  });
  const pool = reading(
    'balancerMembers',
    {
      pool: row('BACKEND'),
      members: [
        {
          ...row('web-1'),
          ...{ address: null, checkStatus: 'L7OK', checkCode: 200, lastCheck: null, checkDurationMs: 2 },
          ...{ failedChecks: 0, takenOutByAnswers: 0, weight: 1 },
        },
      ],
      ...{ fullFrontends: [], closedFrontends: [], rejectingFrontends: [], answeredFrom: 'socket' },
      monitoringFrontends: [{ ...row('public'), intercepted: 19 }],
    },
    { kind: 'balancer', name: 'shop' },
  );
  /** Of another service on the same balancer, for the same path. */
  const others = (ageSeconds: number) =>
    reading(
      'balancerLog',
      {
        ...{
          readFrom: 'journal',
          served: 9,
          unreadable: 0,
          changes: [],
          servedSince: 9,
          retriedSince: 0,
          clients: null,
          isCut: false,
        },
        failed: [{ ...line(ageSeconds), backend: 'desk', state: 'SC--' }],
        spans: [{ ageSeconds: 4, served: 9, unavailable: 0 }],
      },
      { kind: 'balancer', name: 'shop' },
    );

  it('has no line in the log at the time of our question, whatever stands there of before', () => {
    expect(outcomeOf(requestDenied, given, [users, pool, others(10)])).toMatchObject({
      finding: { confidence: 'likely', summary: expect.stringContaining('monitor-uri') as string },
    });
    expect(outcomeOf(requestDenied, given, [users, pool, others(0)])).toMatchObject({ status: 'passed' });
  });
});

describe('requests that a rule of HAProxy refused, none of our own among them', () => {
  it.each([
    ['many, the last just now', [70, 60, 50, 40, 3], 'likely'],
    ['many, and none of the last half minute: of a trouble that is over', [90, 80, 70, 60, 50], 'possible'],
    ['a handful', [4, 3, 2, 1], 'possible'],
  ])('%s', (_name, ages, confidence) => {
    expect(outcomeOf(requestDenied, given, [log(...ages)])).toMatchObject({
      status: 'failed',
      finding: { confidence },
    });
  });
});

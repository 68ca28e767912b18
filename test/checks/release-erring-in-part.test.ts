import { describe, expect, it } from 'vitest';
import { releaseErringInPart } from '../../src/checks/release-erring-in-part.js';
import type { Reading } from '../../src/model/reading.js';
import { BalancerLog } from '../../src/probes/balancer-log.js';
import type { JournalLine } from '../../src/probes/shell/journal-lines.js';
import { NOW, outcomeOf, reading } from '../builders/readings.js';
import { service } from '../helpers/service.js';

const given = service('shop', {
  hosts: ['web-1', 'web-2'],
  url: 'http://shop.lab.test/',
  release: { link: '/srv/shop/current' },
  balancer: { kind: 'haproxy', host: 'lb-1', socket: '/run/haproxy/admin.sock', pool: 'shop' },
});
const ago = (seconds: number): string => new Date(Date.parse(NOW) - seconds * 1000).toISOString();
const host = (name: string) => ({ kind: 'host' as const, name });
const balancer = { kind: 'balancer' as const, name: 'shop' };

const member = (name: string) => ({
  ...{ name, status: 'UP', queued: 0, queuedMax: 0, sessions: 0, sessionLimit: null, responses5xx: 0 },
  ...{ connectionErrors: 0, lastChangeSeconds: 900, downTransitions: 0, active: 1, weight: 1, address: null },
  ...{ checkStatus: 'L7OK', checkCode: 200, lastCheck: null, checkDurationMs: 2, failedChecks: 0 },
  ...{ takenOutByAnswers: 0, line: `shop,${name},UP` },
});
const members = reading(
  'balancerMembers',
  {
    ...{ fullFrontends: [], closedFrontends: [], rejectingFrontends: [], monitoringFrontends: [] },
    ...{ answeredFrom: 'socket', pool: member('BACKEND'), members: [member('web-1'), member('web-2')] },
  },
  balancer,
);
const failure = (ageSeconds: number, over: object = {}) => ({
  ...{ at: ago(ageSeconds), ageSeconds, frontend: 'public', backend: 'shop', server: 'web-1', state: '----' },
  ...{ timers: { request: 0, queue: 0, connect: 0, response: 40, total: 40 }, status: 503, retries: 0 },
  ...{ queued: { member: 0, pool: 0 }, request: 'GET / HTTP/1.1', line: 'shop/web-1 503 ----', ...over },
});
const log = (failed: readonly ReturnType<typeof failure>[], served: number): Reading =>
  reading(
    'balancerLog',
    BalancerLog.parse({
      ...{ readFrom: 'journal', served: 40, unreadable: 0, failed, servedSince: 0, retriedSince: 0 },
      spans: [{ ageSeconds: 2, served, unavailable: failed.length }],
    }),
    balancer,
  );

const line = (secondsAgo: number, message: string, process = 'gunicorn'): JournalLine => {
  const at = ago(secondsAgo);
  return { at, message, process, pid: 7, line: `${at} ${message}` };
};
const FAILED = [4, 13, 22, 31, 57];
/** Each fourth page meets it; those that are served log their visit. */
const theirs = FAILED.map((age) => line(age, "shop: offer: 'bundle'"));
const visits = Array.from({ length: 30 }, (_, place) => line(2 * place, `visit ${String(place)}`));
const before = [400, 300, 200].map((age) => line(age, `visit ${String(age)}`));
const journal = (lines: readonly JournalLine[]): Reading => {
  const sorted = lines.toSorted((a, b) => a.at.localeCompare(b.at));
  return reading('unitJournal', { unit: 'shop.service', lines: sorted }, host('web-1'));
};
const release = (changed: number | null): Reading =>
  reading(
    'release',
    { id: 'r42', changedAt: changed === null ? null : ago(changed), lines: ['link r42'], around: [] },
    host('web-1'),
  );

type Over = { changed?: number | null; failed?: ReturnType<typeof failure>[]; served?: number };
const judge = (
  lines: readonly JournalLine[],
  { changed = 60, failed = FAILED.map((age) => failure(age)), served = 8 }: Over = {},
) => outcomeOf(releaseErringInPart, given, [members, log(failed, served), journal(lines), release(changed)]);

describe('release-erring-in-part', () => {
  it('is likely where each failure left words that no request before the release did', () => {
    expect(judge([...before, ...visits, ...theirs])).toMatchObject({
      status: 'failed',
      finding: {
        cause: 'deployment',
        confidence: 'likely',
        since: ago(60),
        remediations: ['roll-back'],
        summary:
          "5 of 5 requests that failed since the release became r42 met the same words in the app's log, first 3 s after it: shop: offer: 'bundle'",
      },
    });
  });

  it('is likely where the whole run of the new release was read', () => {
    const started = line(59, 'Started shop.service - Shop.', 'systemd');
    expect(judge([started, ...visits, ...theirs])).toMatchObject({ finding: { confidence: 'likely' } });
  });

  it('is a hint where the start that was read is a later one', () => {
    const restarted = line(58, 'Started shop.service - Shop.', 'systemd');
    expect(judge([restarted, ...visits, ...theirs], { changed: 100 })).toMatchObject({
      finding: { confidence: 'possible' },
    });
  });

  it('leaves to others what names its reason in a line of its own', () => {
    const caused = FAILED.flatMap((age) => [
      line(age, 'Error: no price'),
      line(age, '  [cause]: Error: connect ECONNREFUSED 10.0.0.9:443'),
    ]);
    expect(judge([...before, ...caused])).toMatchObject({ status: 'passed' });
  });

  it('is a hint where something else may have begun to fail meanwhile', () => {
    expect(judge([...before, ...visits, ...theirs], { changed: 90 })).toMatchObject({
      finding: { confidence: 'possible' },
    });
  });

  it('does not mind that the clocks are some way apart', () => {
    const late = FAILED.map((age) => line(age + 1.7, "shop: offer: 'bundle'"));
    expect(judge([...before, ...visits, ...late])).toMatchObject({ finding: { confidence: 'likely' } });
  });

  it('does not count the 502 that the restarts of the deploy gave as well', () => {
    const failed = [
      ...[68, 66, 64, 62].map((age) => failure(age, { status: 502 })),
      ...FAILED.map((age) => failure(age)),
    ];
    expect(judge([...before, ...visits, ...theirs], { failed })).toMatchObject({ status: 'failed' });
  });

  it('is a hint where too little was read of the time before the release', () => {
    expect(judge([...visits, ...theirs])).toMatchObject({ finding: { confidence: 'possible' } });
  });

  it.each([
    ['the words are older', [...before, line(90, "shop: offer: 'bundle'"), ...theirs], {}],
    [
      'the words come with every request',
      [...before, ...visits, ...FAILED.map((age) => line(age, 'visit 1'))],
      {},
    ],
    ['they came long after the release', [...before, ...theirs], { changed: 3600 }],
    ['two failures only', [...before, ...theirs], { failed: [failure(4), failure(13)] }],
    [
      'HAProxy had nobody',
      [...before, ...theirs],
      { failed: FAILED.map((age) => failure(age, { state: 'SC--' })) },
    ],
    [
      'failures of another member',
      [...before, ...theirs],
      { failed: FAILED.map((age) => failure(age, { server: 'web-2' })) },
    ],
    [
      'as many failed before the release',
      [...before, ...theirs],
      { failed: [...[100, 90, 80, 70], ...FAILED].map((age) => failure(age)) },
    ],
    [
      'as many fail at a member without it',
      [...before, ...theirs],
      { failed: FAILED.flatMap((age) => [failure(age), failure(age, { server: 'web-2' })]) },
    ],
    [
      'they stand between the failures, too',
      [...before, ...[6, 9, 16, 19, 25, 28].map((age) => line(age, "shop: offer: 'bundle'")), ...theirs],
      {},
    ],
    [
      'they come at moments of their own',
      [...before, ...[6, 16, 23.5, 30.5, 55].map((age) => line(age, 'price list loaded'))],
      {},
    ],
    [
      'failures follow so closely that any line is near one',
      [...before, ...Array.from({ length: 60 }, (_, place) => line(place, `order ${String(place)} placed`))],
      { failed: Array.from({ length: 60 }, (_, place) => failure(59 - place)) },
    ],
    ['nobody is served', [...before, ...theirs], { served: 0 }],
  ])('passes: %s', (_why, lines, over) => {
    expect(judge(lines, over)).toMatchObject({ status: 'passed' });
  });

  it.each([
    'payments: timed out',
    'Error: read ECONNRESET',
    'TypeError: fetch failed',
    "TypeError: Cannot read properties of undefined (reading 'price'), status: 502",
    'java.net.SocketTimeoutException: Read',
    'GET http://payments:8080/charge: connection refused',
    'order 7: payments answered 503',
    'redis: OOM command not allowed when used memory > maxmemory',
  ])('leaves to others what tells of them: %s', (message) => {
    expect(judge([...before, ...FAILED.map((age) => line(age, message))])).toMatchObject({
      status: 'passed',
    });
  });

  it('is skipped where it is not known when the release changed', () => {
    expect(judge([...before, ...theirs], { changed: null })).toMatchObject({ status: 'skipped' });
  });

  it('does not take an entry of an access log for a reason', () => {
    const entries = FAILED.map((age) => line(age, '10.0.0.5 - - "GET / HTTP/1.1" 503 38'));
    expect(judge([...before, ...entries])).toMatchObject({ status: 'passed' });
  });

  it('looks at the words of the error beside others that come with each failure', () => {
    const around = FAILED.flatMap((age) => [
      line(age + 0.1, `INFO paying order ${String(age)}`),
      line(age, 'payments: connection refused'),
    ]);
    expect(judge([...before, ...around])).toMatchObject({ status: 'passed' });
    const old = [350, 250].map((age) => line(age, `INFO paying order ${String(age)}`));
    const error = FAILED.flatMap((age) => [
      line(age + 0.1, `INFO paying order ${String(age)}`),
      line(age, "AttributeError: 'Order' object has no attribute 'tax'"),
    ]);
    expect(judge([...before, ...old, ...error])).toMatchObject({
      finding: { summary: expect.stringContaining('AttributeError') as string },
    });
  });

  it('counts an error of code though it names another', () => {
    const error = "AttributeError: 'Connection' object has no attribute 'pool'";
    expect(judge([...before, ...FAILED.map((age) => line(age, error))])).toMatchObject({
      finding: { confidence: 'likely' },
    });
  });
});

import { describe, expect, it } from 'vitest';
import { isWorthAnotherLook, mostTelling } from '../../src/diagnosis/look-again.js';
import type { Confidence } from '../../src/model/cause.js';
import type { Reading } from '../../src/model/reading.js';
import type { Verdict, VerdictStatus } from '../../src/model/verdict.js';
import { answer, app503, haproxy503, NOW, readingsOf, serviceOf, type Situation } from './situation.js';

const verdict = (status: VerdictStatus, confidence: Confidence | null = null) => ({
  verdict: {
    ...{ status, confidence, cause: null, summary: '', chain: [], hop: null, remediations: [] },
  } satisfies Verdict,
});
const log = (served: number, unavailable: number, ageSeconds = 12): Reading => ({
  ...{ status: 'read', probe: 'balancer-log', target: { kind: 'balancer', name: 'api' }, via: 'lb-1' },
  ...{ source: 'journalctl', at: NOW, durationMs: 5 },
  fact: {
    ...{ readFrom: 'journal', served, failed: [], unreadable: 0 },
    spans: [
      { ageSeconds: 2, served: 4, unavailable: 0 },
      { ageSeconds, served, unavailable },
    ],
  },
});
/** Three that the frontend refused before it chose a pool. */
const refusedBefore = (request: string | null, over: object = {}): Reading => {
  const reading = log(20, 0);
  const line = {
    ...{ at: NOW, ageSeconds: 8, frontend: 'public', backend: 'public', server: null, status: 503 },
    ...{ state: 'PR--', timers: { request: 0, queue: -1, connect: -1, response: -1, total: 0 }, retries: 0 },
    ...{ queued: { member: 0, pool: 0 }, request, line: '', ...over },
  };
  return {
    ...reading,
    fact: { ...(reading as { fact: object }).fact, failed: [line, line, line] },
  } as Reading;
};
const isWorth = (status: VerdictStatus, given: Situation, logged: Reading[] = []): boolean => {
  const situation: Situation = { behind: 'haproxy', ...given };
  return isWorthAnotherLook(serviceOf(situation), [...readingsOf(situation), ...logged], verdict(status));
};

const good = answer(200);
const MIXED: Situation = { public: [haproxy503, good, good], app: good };
const WELL: Situation = { public: [good, good, good], app: good };

describe('another look is worth its while', () => {
  it.each<[why: string, status: VerdictStatus, given: Situation, logged?: Reading[]]>([
    ['some of our requests were served, and no cause was found', 'inconclusive', MIXED],
    [
      'users are refused while every host answers well',
      'inconclusive',
      { public: [haproxy503, haproxy503, haproxy503], app: good },
    ],
    ['users were refused seconds ago', 'healthy', WELL, [log(20, 9)]],
    [
      'a rule of the frontend refused our very page seconds ago',
      'healthy',
      WELL,
      [refusedBefore('GET /?from=letter HTTP/1.1')],
    ],
  ])('where %s', (_why, status, given, logged = []) => {
    expect(isWorth(status, given, logged)).toBe(true);
  });

  it.each<[why: string, status: VerdictStatus, given: Situation, logged?: Reading[]]>([
    ['a cause was found', 'cause-found', MIXED],
    ['no host was reached', 'unreachable', MIXED],
    ['all is well', 'healthy', WELL, [log(20, 0)]],
    ['the refusals are long over', 'healthy', WELL, [log(20, 9, 45)]],
    ['few were refused', 'healthy', WELL, [log(20, 2)]],
    [
      'a rule of the frontend refuses other pages',
      'healthy',
      WELL,
      [refusedBefore('GET /wp-login.php HTTP/1.1')],
    ],
    [
      'another service has a section of its own (`listen`)',
      'healthy',
      WELL,
      [refusedBefore('GET / HTTP/1.1', { frontend: 'wiki', backend: 'wiki', server: 'w1', state: 'SC--' })],
    ],
    [
      'no rule leads a scanner anywhere',
      'healthy',
      WELL,
      [refusedBefore('GET / HTTP/1.1', { state: 'SC--' })],
    ],
    ['the page that a rule refused was cut off the line', 'healthy', WELL, [refusedBefore(null)]],
    ['refusals are noise', 'healthy', WELL, [log(2000, 9)]],
    ['no log was read', 'healthy', WELL],
    [
      'hosts fail as well: that stays as it is',
      'inconclusive',
      { public: [app503, app503, app503], app: app503 },
    ],
    ['no host was heard', 'inconclusive', { public: [haproxy503, haproxy503, haproxy503] }],
  ])('but not where %s', (_why, status, given, logged = []) => {
    expect(isWorth(status, given, logged)).toBe(false);
  });
});

describe('a cause of what may be over', () => {
  const burst = (ageSeconds: number): Reading => {
    const reading = log(12, 2);
    const refused = {
      ...{
        at: NOW,
        ageSeconds,
        frontend: 'public',
        backend: 'api',
        server: null,
        status: 503,
        state: 'SC--',
      },
      ...{ timers: { request: 0, queue: -1, connect: -1, response: -1, total: 0 }, retries: 0 },
      ...{ queued: { member: 0, pool: 0 }, request: 'GET / HTTP/1.1', line: '' },
    };
    return {
      ...reading,
      fact: {
        ...(reading as { fact: object }).fact,
        failed: [refused],
        servedSince: 15,
        spans: [
          { ageSeconds: 8, served: 14, unavailable: 8 },
          { ageSeconds: 18, served: 12, unavailable: 2 },
          { ageSeconds: 28, served: 12, unavailable: 2 },
        ],
      },
    } as Reading;
  };
  it('is looked for again, for so many are not served by chance', () => {
    expect(isWorth('cause-found', WELL, [burst(4)])).toBe(true);
  });
  it('is not, where nothing was seen of it just now', () => {
    expect(isWorth('cause-found', WELL, [burst(9)])).toBe(false);
  });
});

describe('of several looks', () => {
  const look = (name: string, ...given: Parameters<typeof verdict>) => ({
    name,
    judgement: verdict(...given),
    users: { wereServed: false, mayBeServedAgain: false, othersAreSeen: true },
  });
  const well = (name: string) => look(name, 'healthy');
  const open = (name: string) => look(name, 'inconclusive');
  const openOfOthers = (name: string) => ({
    ...open(name),
    users: { wereServed: true, mayBeServedAgain: false, othersAreSeen: true },
  });

  const passing = (name: string) => ({
    ...look(name, 'cause-found', 'confirmed'),
    users: { wereServed: true, mayBeServedAgain: true, othersAreSeen: true },
  });

  const unseen = (name: string) => ({
    ...well(name),
    users: { wereServed: true, mayBeServedAgain: false, othersAreSeen: false },
  });

  it.each([
    ['that all is well after what may have been over', [passing('a'), well('b'), well('c')], 'c'],
    ['the cause where it was said again after that', [passing('a'), well('b'), passing('c')], 'c'],
    ['the cause where the log was not read again', [passing('a'), unseen('b')], 'a'],
    [
      'the cause where later looks do not say that it is over',
      [passing('a'), open('b'), openOfOthers('c')],
      'a',
    ],
    ['the cause that may be over where it goes on', [passing('a'), look('b', 'cause-found', 'likely')], 'a'],
    ['the cause where no other look was heard', [passing('a'), look('b', 'unreachable')], 'a'],
    ['a cause', [well('a'), look('b', 'cause-found', 'likely')], 'b'],
    [
      'a likely cause, and no possible one',
      [look('a', 'cause-found', 'possible'), look('b', 'cause-found', 'likely')],
      'b',
    ],
    [
      'the first of two causes',
      [look('a', 'cause-found', 'likely'), look('b', 'cause-found', 'confirmed')],
      'a',
    ],
    ['that users were refused', [well('a'), open('b'), well('c')], 'b'],
    ['the first that tells it', [open('a'), open('b')], 'a'],
    ['that others were refused no more', [openOfOthers('a'), well('b'), well('c')], 'c'],
    ['that others are refused again', [well('a'), openOfOthers('b')], 'b'],
    ['that we were refused, and not only others', [openOfOthers('a'), open('b'), well('c')], 'b'],
    ['the newest where all is well', [well('a'), well('b')], 'b'],
    ['what was seen before nothing could be reached', [well('a'), look('b', 'unreachable')], 'a'],
  ] as const)('tells %s', (_what, [first, ...more], chosen) => {
    expect(mostTelling([first, ...more]).name).toBe(chosen);
  });
});

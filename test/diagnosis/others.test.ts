import { describe, expect, it } from 'vitest';
import { areAllServed, othersOf } from '../../src/diagnosis/others.js';
import { BalancerLog, type BalancerLogLine } from '../../src/probes/balancer-log.js';

type Span = [ageSeconds: number, served: number, unavailable: number];
const refusal = (request: string, ageSeconds = 3) => ({
  at: '2026-11-22T10:00:00.000Z',
  ageSeconds,
  frontend: 'public',
  backend: 'shop',
  server: 'web-1',
  timers: { request: 0, queue: 0, connect: 0, response: 2, total: 2 },
  status: 503,
  state: '----',
  retries: 0,
  queued: { member: 0, pool: 0 },
  request,
  line: '',
});
const log = (
  spans: Span[],
  servedSince: number,
  requests = ['GET /orders?id=7 HTTP/1.1'],
  retriedSince = 0,
) =>
  BalancerLog.parse({
    readFrom: 'journal',
    served: spans.reduce((sum, [, served]) => sum + served, 0),
    unreadable: 0,
    failed: requests.map((request) => refusal(request)),
    spans: spans.map(([ageSeconds, served, unavailable]) => ({ ageSeconds, served, unavailable })),
    servedSince,
    retriedSince,
    isCut: spans.length === 1,
  });
const MIXED: Span[] = [
  [4, 20, 5],
  [14, 40, 11],
  [24, 38, 9],
  [94, 10, 50],
];

describe('what others get while we are served', () => {
  it('counts the last minute and names the path', () => {
    expect(othersOf(log(MIXED, 2), 'shop', 3)).toEqual({
      unavailable: 25,
      asked: 123,
      status: 503,
      path: '/orders',
      words: ['passed-on'],
      mayBeOver: false,
    });
  });

  it('may be over where more were served since than by chance, though the last was refused seconds ago', () => {
    expect(othersOf(log(MIXED, 20), 'shop', 3)?.mayBeOver).toBe(true);
  });

  it('names no path where several fail', () => {
    const mixed = log(MIXED, 2, ['GET /orders HTTP/1.1', 'GET /basket HTTP/1.1']);
    expect(othersOf(mixed, 'shop', 3)?.path).toBeNull();
  });

  it.each<[string, Span[], number]>([
    ['nobody fails', [[4, 20, 0]], 20],
    [
      'a single client has bad luck',
      [
        [4, 20, 3],
        [14, 20, 3],
        [24, 20, 1],
      ],
      2,
    ],
    [
      'it is noise',
      [
        [4, 2000, 3],
        [14, 2000, 4],
        [24, 2000, 3],
      ],
      2,
    ],
    [
      'the log is younger than that, as after a rotation: a restart a moment ago fills both of its spans',
      [
        [6, 9, 12],
        [16, 14, 9],
      ],
      3,
    ],
    [
      'it is over: so many were served since',
      [
        [4, 24, 0],
        [14, 40, 11],
        [24, 38, 9],
        [34, 38, 9],
      ],
      24,
    ],
    [
      'all failed for some seconds, after single ones',
      [
        [6, 8, 0],
        [16, 8, 9],
        [36, 12, 1],
        [46, 11, 1],
        [56, 26, 2],
      ],
      13,
    ],
    [
      'all failed, and now all are served',
      [
        [4, 6, 9],
        [14, 0, 22],
        [24, 0, 20],
      ],
      3,
    ],
    [
      'it is long ago',
      [
        [94, 20, 11],
        [104, 20, 11],
        [114, 20, 11],
      ],
      0,
    ],
  ])('says nothing where %s', (_name, spans, servedSince) => {
    expect(othersOf(log(spans, servedSince), 'shop', 3)).toBeNull();
  });

  it.each<[string, Span[], boolean]>([
    [
      'three times',
      [
        [3, 3, 1],
        [13, 0, 10],
        [23, 13, 0],
        [33, 5, 11],
        [43, 13, 6],
        [53, 1, 12],
      ],
      true,
    ],
    [
      'twice, as after two troubles',
      [
        [3, 3, 1],
        [13, 0, 10],
        [23, 13, 0],
        [33, 0, 11],
        [43, 13, 0],
      ],
      false,
    ],
    [
      'a while ago',
      [
        [3, 9, 0],
        [13, 9, 0],
        [23, 9, 0],
        [33, 0, 11],
        [39, 9, 0],
        [44, 0, 9],
        [49, 9, 0],
        [54, 0, 9],
      ],
      false,
    ],
    [
      'for somebody who tries again',
      [
        [3, 3, 0],
        [13, 0, 4],
        [23, 13, 0],
        [33, 0, 4],
      ],
      false,
    ],
  ])('hears of what comes and goes: nobody was served %s', (_name, spans, told) => {
    expect(othersOf(log(spans, 3), 'shop', 3) !== null).toBe(told);
  });

  const five = Array<string>(5).fill('web-1');
  it.each<[string, servers: (string | null)[], served: number, told: object | null]>([
    ['is heard where many fail there', five, 10, { unavailable: 5 }],
    ['is heard from a tenth on', five, 15, { asked: 50 }],
    ['is heard after another', [...five, 'web-2'], 10, { asked: 35 }],
    ['is not, where few of all fail there', five, 16, null],
    ['is not, where another fails as well', five.with(2, 'web-2'), 10, null],
    ['is not, where none was chosen', Array<null>(5).fill(null), 10, null],
    ['is not, where its lines are too few', five.slice(1), 6, null],
  ])('of one member %s', (_why, servers, served, told) => {
    const ages = [3, 7, 11, 15, 19, 31];
    const spans: Span[] = [
      [4, served, 2],
      [14, served, Math.min(servers.length, 5) - 3],
      [24, served, 1],
    ];
    const failed = servers.map((server, place) => ({ ...refusal('GET / HTTP/1.1', ages[place]), server }));
    const others = othersOf({ ...log(spans, 2), failed }, 'shop', 3, { sick: new Set(['web-1']) });
    if (told === null) expect(others).toBeNull();
    else expect(others).toMatchObject(told);
  });

  it('takes a burst of refusals that is just over for no end', () => {
    const bursts: Span[] = [
      [9, 8, 23],
      [19, 19, 50],
      [29, 15, 40],
      [39, 19, 52],
    ];
    expect(othersOf(log(bursts, 4), 'shop', 3)).toMatchObject({ unavailable: 165, asked: 226 });
    const quietMoment: Span[] = [
      [2, 1, 0],
      [12, 20, 3],
      [22, 22, 4],
      [32, 18, 3],
    ];
    expect(othersOf(log(quietMoment, 4), 'shop', 3)).toMatchObject({ unavailable: 10 });
  });

  it('takes some seconds in which everybody was served for an end, also within a span that began with refusals', () => {
    const startedAnew: Span[] = [
      [9, 14, 1],
      [19, 12, 1],
      [29, 10, 11],
    ];
    const failed = (age: number) => [refusal('GET / HTTP/1.1', 20), refusal('GET / HTTP/1.1', age)];
    expect(othersOf({ ...log(startedAnew, 13), failed: failed(8) }, 'shop', 3)).toBeNull();
    expect(othersOf({ ...log(startedAnew, 13), failed: failed(3) }, 'shop', 3)).toMatchObject({ asked: 49 });
    expect(othersOf({ ...log(startedAnew, 4), failed: failed(8) }, 'shop', 3)).toMatchObject({ asked: 49 });
  });

  it.each<[why: string, spans: Span[], isMet: boolean, isOn: boolean]>([
    [
      'so did our own question to the app',
      [
        [8, 8, 3],
        [18, 5, 5],
        [28, 19, 0],
        [38, 11, 0],
      ],
      true,
      true,
    ],
    [
      'our own were all served',
      [
        [8, 8, 3],
        [18, 5, 5],
        [28, 19, 0],
        [38, 11, 0],
      ],
      false,
      false,
    ],
    [
      'it is over for some seconds',
      [
        [2, 3, 0],
        [12, 5, 8],
        [22, 19, 0],
        [32, 11, 0],
      ],
      true,
      false,
    ],
    [
      'a few of very many',
      [
        [8, 200, 3],
        [18, 300, 5],
        [28, 190, 0],
        [38, 110, 0],
      ],
      true,
      false,
    ],
  ])('began some seconds ago: %s', (_why, spans, isMet, isOn) => {
    expect(othersOf(log(spans, 1), 'shop', 3, { isMet }) !== null).toBe(isOn);
  });

  it.each<[why: string, spans: Span[], servedSince: number, isOn: boolean]>([
    [
      'and still are',
      [
        [2, 3, 2],
        [12, 0, 10],
        [22, 1, 13],
      ],
      1,
      true,
    ],
    [
      'until we asked',
      [
        [2, 3, 2],
        [12, 0, 10],
        [22, 1, 13],
      ],
      3,
      false,
    ],
    [
      'while we looked for the second time',
      [
        [2, 6, 2],
        [12, 0, 10],
        [22, 1, 13],
      ],
      1,
      true,
    ],
    [
      'while more are served',
      [
        [2, 9, 2],
        [12, 4, 10],
        [22, 9, 0],
      ],
      1,
      false,
    ],
    [
      'and hardly anybody asks',
      [
        [2, 3, 1],
        [12, 0, 3],
        [22, 1, 3],
      ],
      1,
      false,
    ],
  ])('all others were refused %s', (_why, spans, servedSince, isOn) => {
    expect(othersOf(log(spans, servedSince), 'shop', 3) !== null).toBe(isOn);
  });

  it('hears a balancer whose lines reach back a few seconds only', () => {
    expect(othersOf(log([[3, 1500, 400]], 1), 'shop', 3)).toMatchObject({ unavailable: 400, asked: 1900 });
  });

  it('does not count what went to another pool', () => {
    expect(othersOf(log(MIXED, 2), 'desk', 3)).toBeNull();
  });
});

describe('members that are sick while everybody is served', () => {
  it.each<[why: string, spans: Span[], servedSince: number, served: boolean]>([
    [
      'by many answers in a row',
      [
        [4, 5, 0],
        [14, 16, 0],
        [24, 8, 2],
      ],
      24,
      true,
    ],
    [
      'by a few only, which may be chance',
      [
        [4, 2, 0],
        [14, 3, 0],
      ],
      40,
      false,
    ],
    [
      'since the last refusal',
      [
        [10, 11, 0],
        [20, 15, 2],
      ],
      20,
      true,
    ],
    ['not since the last refusal, as far as is known', [[4, 20, 1]], 3, false],
    ['by nobody, for nobody asks', [], 0, false],
  ])('%s', (_why, spans, servedSince, served) => {
    expect(areAllServed(log(spans, servedSince, [], 9), 1 / 3)).toBe(served);
  });

  it('may stick to their users where HAProxy asked no other one', () => {
    expect(areAllServed(log([[4, 50, 0]], 50), 1 / 3)).toBe(false);
  });

  it('is no question where none is sick', () => {
    expect(areAllServed(log([[4, 50, 0]], 50, [], 9), 0)).toBe(false);
  });
});

describe('a single caller that is refused', () => {
  const robot = { refused: 1, unavailable: 40, servedToRefused: 2, served: 7 };
  const of = (clients: BalancerLog['clients'], over: Partial<BalancerLog> = {}): BalancerLog => ({
    ...log(MIXED, 2),
    clients,
    ...over,
  });

  const lineOf = (client: string): string =>
    `lb-1 haproxy[7]: ${client}:41338 [26/Nov/2026:10:43:11.118] web`;
  const OF_ROBOT = Array.from({ length: 40 }, () => ({
    ...refusal('GET / HTTP/1.1'),
    line: lineOf('10.0.0.7'),
  }));
  const met = (client: string, times: number, over: object = {}, total = 0): BalancerLogLine[] =>
    Array.from({ length: times }, () => {
      const line = refusal('GET / HTTP/1.1', 14);
      return {
        ...line,
        ...{ server: null, state: 'SC--', line: lineOf(client), timers: { ...line.timers, total } },
        ...over,
      };
    });
  const denied = { failed: [{ ...refusal('GET / HTTP/1.1'), state: 'PR--' }] };

  it.each<[why: string, given: BalancerLog, isLimited: boolean]>([
    ['by a limit of the proxy', of(robot), true],
    [
      'by a limit of the proxy, of whose refusals only the spans tell',
      of({ ...robot, unavailable: null }),
      true,
    ],
    ['by a rule of the balancer', of(robot, denied), false],
    [
      'though nobody was there for others, at a restart before',
      of(robot, {
        failed: [
          { ...refusal('GET / HTTP/1.1', 46), server: null, state: 'SC--' },
          refusal('GET / HTTP/1.1'),
        ],
      }),
      true,
    ],
    [
      'though others met nobody some seconds ago, and are served since',
      of(robot, { failed: [...met('10.0.0.9', 9), ...met('10.0.0.8', 1), ...OF_ROBOT] }),
      true,
    ],
  ])('is no trouble of the others, %s', (_why, given, isLimited) => {
    expect(othersOf(given, 'shop', 3, { isLimited })).toBeNull();
  });

  it.each<[why: string, given: BalancerLog, beside?: object]>([
    ['nobody counted them', of(null)],
    ['it was refused some times only', of({ ...robot, unavailable: 4, servedToRefused: 0 })],
    ['it is not the only one', of({ ...robot, refused: 2 })],
    ['it is one of few, which may be proxies', of({ ...robot, served: 4 })],
    ['it is served as well', of({ ...robot, servedToRefused: 30 })],
    ['it is served as well, by the count of its own refusals', of({ ...robot, unavailable: 10 })],
    [
      'no member took its request',
      of(robot, { failed: [{ ...refusal('GET / HTTP/1.1'), server: null, state: 'SC--' }] }),
    ],
    ['no member took its own requests', of(robot, { failed: [...OF_ROBOT, ...met('10.0.0.7', 1)] })],
    ['it may be another one, who met nobody', of(robot, { failed: [...met('10.0.0.9', 20), ...OF_ROBOT] })],
    ['the lines that were kept do not tell of all', of(robot, { failed: met('10.0.0.9', 1) })],
    [
      'others ran out of time, who began to ask before callers are counted',
      of(robot, { failed: [...OF_ROBOT, ...met('10.0.0.9', 1, { state: 'sH--', server: 'web-1' }, 30_000)] }),
    ],
    [
      'others met nobody after a long wait',
      of(robot, { failed: [...OF_ROBOT, ...met('10.0.0.9', 1, {}, 30_000)] }),
    ],
    [
      'a member breaks off what another asks',
      of(robot, { failed: [...OF_ROBOT, ...met('10.0.0.9', 1, { state: 'SH--', server: 'web-1' })] }),
    ],
    ['the app says it, to a partner that asks for one thing only', of(robot), { isLimited: false }],
    ['its member fails us, too', of(robot), { sick: new Set(['web-1']) }],
    ['an app refuses us, too', of(robot), { isMet: true }],
  ])('counts where %s', (_why, given, beside = {}) => {
    expect(othersOf(given, 'shop', 3, { isLimited: true, ...beside })).not.toBeNull();
  });

  it('is not everybody but us, where a rule keeps it out at night', () => {
    const spans: Span[] = [
      [2, 6, 5],
      [12, 4, 10],
    ];
    const scanner = { refused: 1, unavailable: 15, servedToRefused: 0, served: 4 };
    expect(othersOf({ ...log(spans, 1), clients: scanner }, 'shop', 3)).toBeNull();
    expect(othersOf({ ...log(spans, 1), clients: { ...scanner, refused: 2 } }, 'shop', 3)).not.toBeNull();
  });
});

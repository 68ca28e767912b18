import { describe, expect, it } from 'vitest';
import { withoutImpatience } from '../../src/diagnosis/impatience.js';
import { BalancerLog, BalancerLogLine } from '../../src/probes/balancer-log.js';
import { answer } from './situation.js';

const silent = answer(null, { failure: { rung: 'answer', kind: 'timeout', message: 'no answer' } });
const refused = answer(null, { failure: { rung: 'tcp', kind: 'refused', message: 'refused' } });
const HOSTS = ['web-1', 'web-2'];
const app = (...statuses: number[]) =>
  statuses.map((status, place) => ({ host: HOSTS[place] ?? '', answer: answer(status) }));
const log = (servedSince: number, unavailable = 0) =>
  BalancerLog.parse({
    ...{ readFrom: 'journal', served: 40, unreadable: 0, failed: [], servedSince, retriedSince: 0 },
    spans: [
      { ageSeconds: 8, served: 9, unavailable },
      { ageSeconds: 28, served: 9, unavailable: 4 },
    ],
  });

/** Thirty seconds after it began. */
const late = BalancerLogLine.parse({
  ...{ at: '2026-11-22T10:00:00.000Z', ageSeconds: 5, frontend: 'public', backend: 'shop', server: 'web-1' },
  ...{
    timers: { request: 0, queue: 0, connect: 0, response: -1, total: 30_000 },
    status: 504,
    state: 'sH--',
  },
  ...{ retries: 0, queued: { member: 0, pool: 0 }, request: 'GET / HTTP/1.1', line: '' },
});

const refusedAgo = (ageSeconds: number) => ({
  ...log(20),
  spans: [
    { ageSeconds: 8, served: 9, unavailable: 0 },
    { ageSeconds: 18, served: 3, unavailable: 6 },
  ],
  failed: [{ ...late, ageSeconds, status: 503, state: 'SC--' }],
});

type Around = Parameters<typeof withoutImpatience>[1];
const around = (over: Partial<Around>): Around => ({
  ...{ app: app(200, 200), hosts: HOSTS, log: log(20), mostSessions: 2 },
  ...over,
});

describe('a request of ours that we did not wait for', () => {
  const answers = [answer(200), silent];

  it('does not count where everybody is served, late as it may be', () => {
    expect(withoutImpatience(answers, around({}))).toEqual([answer(200)]);
  });

  it('does not count where the last refusal of others was longer ago than we wait', () => {
    expect(withoutImpatience(answers, around({ log: refusedAgo(13) }))).toEqual([answer(200)]);
  });

  it.each<[why: string, answers: typeof answers, over: Partial<Around>]>([
    ['others got a 503', answers, { log: log(20, 1) }],
    ['others got one of late, and none in the newest span', answers, { log: refusedAgo(9) }],
    ['few were served since', answers, { log: log(3) }],
    ['nobody asked lately', answers, { log: { ...log(20), spans: [] } }],
    [
      'one ran out of time just now, half a minute after it began',
      answers,
      { log: { ...log(20), failed: [late] } },
    ],
    ['a host refused us in the end', answers, { app: app(200, 503) }],
    ['a host was not heard', answers, { app: app(200) }],
    ['requests pile up at a member', answers, { mostSessions: 9 }],
    ['the log was not read', answers, { log: undefined }],
    ['none of ours was served', [silent], {}],
    ['it was refused', [answer(200), refused], {}],
  ])('counts where %s', (_why, given, over) => {
    expect(withoutImpatience(given, around(over))).toEqual(given);
  });
});

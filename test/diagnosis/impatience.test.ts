import { describe, expect, it } from 'vitest';
import { withoutImpatience } from '../../src/diagnosis/impatience.js';
import { BalancerLog } from '../../src/probes/balancer-log.js';
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
      { ageSeconds: 70, served: 9, unavailable: 4 },
    ],
  });

describe('a request of ours that we did not wait for', () => {
  const answers = [answer(200), silent];

  it('does not count where everybody is served, late as it may be', () => {
    expect(withoutImpatience(answers, app(200, 200), HOSTS, log(20))).toEqual([answer(200)]);
  });

  it.each<[why: string, given: Parameters<typeof withoutImpatience>]>([
    ['others got a 503', [answers, app(200, 200), HOSTS, log(20, 1)]],
    ['few were served since', [answers, app(200, 200), HOSTS, log(3)]],
    ['a host refused us in the end', [answers, app(200, 503), HOSTS, log(20)]],
    ['a host was not heard', [answers, app(200), HOSTS, log(20)]],
    ['the log was not read', [answers, app(200, 200), HOSTS, undefined]],
    ['none of ours was served', [[silent], app(200, 200), HOSTS, log(20)]],
    ['it was refused', [[answer(200), refused], app(200, 200), HOSTS, log(20)]],
  ])('counts where %s', (_why, given) => {
    expect(withoutImpatience(...given)).toEqual(given[0]);
  });
});

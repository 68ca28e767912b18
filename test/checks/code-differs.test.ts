import { describe, expect, it } from 'vitest';
import { releaseSkew } from '../../src/checks/release-skew.js';
import type { JournalLine } from '../../src/probes/shell/journal-lines.js';
import { NOW, outcomeOf, reading } from '../builders/readings.js';
import { answer } from '../diagnosis/situation.js';
import { service } from '../helpers/service.js';

const HOSTS = ['web-1', 'web-2', 'web-3'];
const given = service('shop', { hosts: HOSTS, release: { link: '/srv/shop/current' } });
const UNDEFINED = 'Error: Call to undefined function shipping_note() in /srv/shop/current/index.php:60';
const line = (message: string, secondsAgo = 2): JournalLine => {
  const at = new Date(Date.parse(NOW) - secondsAgo * 1000).toISOString();
  return { at, message, process: 'php', pid: 7, line: `${at} ${message}` };
};

type Host = { status: number; lines?: JournalLine[]; id?: string };
const judge = (hosts: readonly Host[]) =>
  outcomeOf(
    releaseSkew,
    given,
    hosts.flatMap(({ status, lines = [], id = 'r41' }, place) => {
      const target = { kind: 'host' as const, name: HOSTS[place] ?? '' };
      return [
        reading(
          'release',
          { id, changedAt: '2026-11-19T00:00:00.000Z', lines: [`link ${id}`], around: [] },
          target,
        ),
        reading('appAnswer', answer(status), target),
        reading('unitJournal', { unit: 'shop.service', lines }, target),
      ];
    }),
  );
const WELL: Host = { status: 200 };

describe('hosts on one release by name', () => {
  it('have other files where one alone misses what its own code names', () => {
    expect(judge([WELL, { status: 503, lines: [line(UNDEFINED)] }, WELL])).toMatchObject({
      status: 'failed',
      finding: {
        ...{ cause: 'deployment', confidence: 'likely' },
        summary:
          'web-2 fails with an error of code that web-1, web-3, on the same release by name, do not have: Call to undefined function shipping_note()',
      },
    });
  });

  it.each<[why: string, hosts: Host[]]>([
    [
      'peers have the same error',
      [{ status: 200, lines: [line(UNDEFINED, 400)] }, { status: 503, lines: [line(UNDEFINED)] }, WELL],
    ],
    ['all of them fail', HOSTS.map(() => ({ status: 503, lines: [line(UNDEFINED)] }))],
    ['the error is older than our question', [WELL, { status: 503, lines: [line(UNDEFINED, 120)] }, WELL]],
    ['a setting is missing', [WELL, { status: 503, lines: [line("KeyError: 'PAYMENTS_URL'")] }, WELL]],
    [
      'something that should have come is not there',
      [
        WELL,
        {
          status: 503,
          lines: [line("AttributeError: 'NoneType' object has no attribute 'get'")],
        },
      ],
    ],
    [
      'the host gets no connection',
      [WELL, { status: 503, lines: [line('redis: Connection refused', 3), line(UNDEFINED)] }],
    ],
    [
      'an extension is missing',
      [WELL, { status: 503, lines: [line('Call to undefined function curl_init()')] }],
    ],
    ['another host fails without it', [WELL, { status: 503, lines: [line(UNDEFINED)] }, { status: 503 }]],
  ])('tell nothing where %s', (_why, hosts) => {
    expect(judge(hosts)).toMatchObject({ status: 'passed' });
  });
});

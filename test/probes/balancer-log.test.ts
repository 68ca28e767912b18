import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { haproxyWord } from '../../src/checks/evidence/haproxy-states.js';
import type { BalancerLog } from '../../src/probes/balancer-log.js';
import { countSpans } from '../../src/probes/shell/balancer-spans.js';
import { fixture, parseOutput } from '../builders/recorded.js';

const head = (journal: string, ...lines: string[]): string =>
  [
    'now 25/Nov/2026:19:51:50 1795636310 ana',
    `journal ${journal}`,
    'from /var/log/haproxy.log',
    'read  40 9000',
    'served 0',
    ...lines,
  ].join('\n');
const folders = (process.env['PATH'] ?? '').split(':');
const busybox = folders.map((folder) => path.join(folder, 'busybox')).find((file) => existsSync(file));
const folder = mkdtempSync(path.join(tmpdir(), 'diag503-awk-'));
if (busybox !== undefined) symlinkSync(busybox, path.join(folder, 'awk'));
afterAll(() => rmSync(folder, { recursive: true }));
/** The small awk of busybox, before the system's own. */
const SMALL_AWK = [folder, ...folders].join(':');
const count = (lines: readonly string[], cut: string, PATH = process.env['PATH']): string =>
  execFileSync('sh', ['-c', countSpans('api')], {
    input: lines.join('\n'),
    env: { ...process.env, cut, PATH },
  }).toString();
const HINT = 'Hint: You are currently not seeing messages from other users and the system.';
const EMPTY = '-- No entries --';

describe("HAProxy's log", () => {
  it('tells why each request of the rows of 1.4 got its answer', () => {
    const { failed, served, readFrom } = parseOutput(
      'balancerLog',
      fixture('balancer-log', 'rows'),
    ) as BalancerLog;
    expect({ served, readFrom }).toEqual({ served: 1, readFrom: '/var/log/haproxy.log' });
    const words = failed.map((line) => [
      line.request?.split(' ')[1],
      haproxyWord(line, line.backend === line.frontend ? 'api' : line.backend),
    ]);
    expect(Object.fromEntries(words)).toEqual({
      '/empty': 'no-server',
      '/app': 'passed-on',
      '/slow': 'answer-timeout',
      '/deny': 'denied',
      '/return': 'answered-by-rule',
      '/none': 'no-route',
      '/custom': 'denied',
      '/full': 'answer-timeout',
    });
    const queue = failed.find(({ state }) => state === 'sQ--');
    expect(queue).toMatchObject({
      backend: 'full',
      server: null,
      timers: { queue: 501, total: 501 },
      queued: { member: 0, pool: 1 },
    });
    expect(queue?.ageSeconds).toBeCloseTo(3.4, 0);
  });

  it('takes the time of the journal, which has a zone', () => {
    const line = `2026-11-25T20:51:45.900123+0100 lb-1 haproxy[7]: 10.0.0.9:4 [25/Nov/2026:20:51:45.899] web~ api/<NOSRV> 0/-1/-1/-1/0 503 217 - - SC-- 1/1/0/0/0 0/0 "GET / HTTP/1.1"`;
    const { failed } = parseOutput('balancerLog', head(EMPTY, line)) as BalancerLog;
    expect(failed[0]).toMatchObject({ frontend: 'web', at: '2026-11-25T19:51:45.900Z' });
  });

  it.each([
    [
      'no right to the journal',
      head(HINT, "tail: cannot open '/var/log/haproxy.log' for reading: No such file or directory"),
      'usermod -aG systemd-journal ana',
    ],
    [
      'no right to the file',
      head(EMPTY, "tail: cannot open '/var/log/haproxy.log' for reading: Permission denied"),
      'usermod -aG adm ana',
    ],
    [
      'a format of its own',
      head(EMPTY, 'haproxy[7]: 10.0.0.9 [25/Nov/2026:19:51:45.899] "GET /" 503'),
      'option httplog',
    ],
    [
      'no format',
      head(EMPTY, 'haproxy[7]: Connect from 10.0.0.9:1 to 10.0.0.1:80 (web/HTTP)'),
      'option httplog',
    ],
    [
      'lines of JSON, as collectors want them',
      head(EMPTY, 'haproxy[7]: {"time":"25/Nov/2026:19:51:45 +0000","status":503}'),
      'option httplog',
    ],
    ['garbage', 'x', 'cannot read'],
  ])('%s', (_name, stdout, words) => {
    expect(() => parseOutput('balancerLog', stdout)).toThrow(words);
  });

  it('counts what became of everybody, from the lines of journal and file alike', () => {
    const line = (clock: string, pool: string, status: number, retries = '0'): string =>
      `Nov 25 19:51:${clock} lb-1 haproxy[7]: 10.0.0.9:4 [25/Nov/2026:19:51:${clock}.120] web~ ${pool}/a 0/0/1/2/3 ${String(status)} 217 - - ---- 1/1/0/0/${retries} 0/0 "GET /x[1] HTTP/1.1"`;
    const lines = [
      line('31', 'api', 503),
      line('38', 'api', 200, '1'),
      line('41', 'api', 503),
      line('42', 'other', 503),
      line('43', 'api', 404),
      line('44', 'api', 500),
      line('45', 'api', 301, '+1'),
      'noise',
    ];
    const told = count(lines, 'tail');
    expect(told.split('\n').toSorted()).toEqual(count(lines.toReversed(), 'head').split('\n').toSorted());
    const { spans, servedSince, retriedSince } = parseOutput(
      'balancerLog',
      head(EMPTY, ...told.trim().split('\n')),
    ) as BalancerLog;
    expect(servedSince).toBe(2);
    expect(retriedSince).toBe(1);
    expect(spans).toEqual([
      { ageSeconds: 10, served: 2, unavailable: 1 },
      { ageSeconds: 20, served: 1, unavailable: 1 },
    ]);
  });

  it.each(['head', 'tail'])('counts callers and keeps the address of none, read from the %s', (cut) => {
    const clock = (ago: string): string =>
      execFileSync('date', ['-d', ago, '+%d/%b/%Y:%H:%M:%S']).toString().trim();
    const [now, before] = [clock('now'), clock('23 seconds ago')];
    const line = (client: string, status: number, time = now): string =>
      `2026-11-25T19:51:45.214+0100 lb-1 haproxy[7]: ${client} [${time}.120] web~ api/a 0/0/1/2/3 ${String(status)} 217 - - ---- 1/1/0/0/0 0/0 "GET / HTTP/1.1"`;
    const lines = [
      line('10.0.0.9:41', 503),
      line('10.0.0.9:42', 503),
      line('10.0.0.9:43', 200),
      line('2001:db8::7:9', 200),
      line('2001:db8::7:10', 301),
      line('10.0.0.8:1', 200),
      line('10.0.0.7:1', 503, before),
      line('10.0.0.6:1', 200, before),
    ];
    const told = count(lines, cut);
    const log = parseOutput('balancerLog', head(EMPTY, ...told.trim().split('\n'))) as BalancerLog;
    expect(log.clients).toEqual({ refused: 1, unavailable: 2, servedToRefused: 1, served: 2 });
    expect(told).not.toContain('10.0.0');
  });

  it.each([
    ['read 2000 310000', true],
    ['read    700   500000', true],
    ['read 1999 499999', false],
  ])('knows whether there were more: %s', (read, isCut) => {
    const told = head(EMPTY).replace(/^read .*$/m, read);
    expect(parseOutput('balancerLog', told)).toMatchObject({ isCut });
  });

  it('may have nothing to tell', () => {
    expect(parseOutput('balancerLog', head(EMPTY))).toMatchObject({ failed: [], served: 0, unreadable: 0 });
  });
});

const AWKS: [awk: string, PATH: string | undefined, isThere: boolean][] = [
  ["the system's awk", process.env['PATH'], true],
  ['the small awk of busybox', SMALL_AWK, busybox !== undefined],
];
for (const [awk, PATH, isThere] of AWKS) {
  describe.skipIf(!isThere)(`callers, counted by ${awk}`, () => {
    it.each<[since: number, before: number, refused: number, served: number]>([
      [5, 0, 1, 1], // five of ten, and five in a row
      [3, 0, 2, 0],
      [9, 9, 2, 0], // nine of ten were served before, too
    ])(
      'are refused where they were served %i times since, and %i before, by chance',
      (since, before, ...counts) => {
        const now = execFileSync('date', ['+%d/%b/%Y:%H:%M:%S']).toString().trim();
        const line = (client: string, status: number): string =>
          `2026-11-25T19:51:45.214+0100 lb-1 haproxy[7]: ${client}:41 [${now}.120] web~ api/a 0/0/1/2/3 ${String(status)} 217 - - ---- 1/1/0/0/0 0/0 "GET / HTTP/1.1"`;
        const many = (count: number, status: number, client = '10.0.0.8'): string[] =>
          Array.from({ length: count }, () => line(client, status));
        const refusals = many(before === 0 ? 5 : 2, 503);
        const lines = [...many(9, 503, '10.0.0.9'), ...many(before, 200), ...refusals, ...many(since, 200)];
        for (const [cut, given] of [
          ['tail', lines],
          ['head', lines.toReversed()],
        ] as const) {
          const told = count(given, cut, PATH);
          const { clients } = parseOutput(
            'balancerLog',
            head(EMPTY, ...told.trim().split('\n')),
          ) as BalancerLog;
          expect([clients?.refused, clients?.served]).toEqual(counts);
        }
      },
    );
  });
}

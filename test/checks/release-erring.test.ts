import { describe, expect, it } from 'vitest';
import { codeErrorIn } from '../../src/checks/evidence/code-errors.js';
import { releaseErring } from '../../src/checks/release-erring.js';
import type { ProxyLogLine } from '../../src/probes/proxy-log.js';
import type { JournalLine } from '../../src/probes/shell/journal-lines.js';
import { judged } from '../builders/judged.js';
import { answer } from '../diagnosis/situation.js';
import { service } from '../helpers/service.js';

const CHANGED_AT = '2026-11-22T10:40:00.000Z';
const line = (at: string, message: string, process = 'gunicorn'): JournalLine => ({
  at: `2026-11-22T${at}.000Z`,
  message,
  process,
  pid: 7,
  line: `${at} ${message}`,
});
const SOON = '2026-11-22T10:40:20.000Z';
const started = line('10:40:01', 'Started api.service - API.', 'systemd');
const missing = (at: string) => line(at, 'column "customer" does not exist');

const judge = (
  lines: JournalLine[],
  { status = 503, changedAt = CHANGED_AT, body = '', now = '2026-11-22T10:44:00.000Z' } = {},
) =>
  judged(
    releaseErring,
    {
      release: { id: 'r44', changedAt, lines: ['id r44'], around: [] },
      unitJournal: { unit: 'api.service', lines },
      appAnswer: answer(status, { body }),
    },
    { service: service('api', { release: { link: '/srv/api/current' } }), now },
  );

describe('release-erring', () => {
  it('is likely where the whole run of the new release was read', () => {
    expect(judge([started, missing('10:40:03')])).toMatchObject({
      status: 'failed',
      confidence: 'likely',
      cause: 'deployment',
      since: CHANGED_AT,
      summary:
        'an error that is new in what was read of the log came 3 s after the release became r44: column "customer" does not exist',
    });
  });

  it('is no more than possible where the journal may begin too late', () => {
    expect(judge([missing('10:42:03')])).toMatchObject({ confidence: 'possible' });
  });

  it.each([
    "shop: prices: [Errno 2] No such file or directory: 'prices.json'",
    "Error: ENOENT: no such file or directory, open '/srv/api/releases/r44/views/index.ejs'",
    'Errno::ENOENT (No such file or directory @ rb_sysopen - /srv/api/current/config/tax.yml)',
    'PHP Warning:  include(/srv/api/current/tax.php): Failed to open stream: No such file or directory in /srv/api/current/index.php',
    'open templates/index.html: no such file or directory',
    'java.nio.file.NoSuchFileException: /srv/api/current/tax.json',
  ])('counts a file that the release should bring: %s', (message) => {
    expect(judge([line('10:30:00', 'served'), line('10:40:03', message)], { now: SOON })).toMatchObject({
      status: 'failed',
      confidence: 'likely',
    });
  });

  it('looks past an error that is handled, and as old as the app', () => {
    const handled = (at: string) => line(at, "KeyError: 'recommendation' (ignored)");
    const lines = [handled('10:30:00'), started, handled('10:40:02'), missing('10:40:03')];
    expect(judge(lines)).toMatchObject({
      status: 'failed',
      summary: expect.stringContaining('column') as string,
    });
  });

  it.each([
    'PHP Fatal error:  Allowed memory size of 67108864 bytes exhausted (tried to allocate 4096 bytes) in /srv/api/index.php on line 4',
    'PHP Parse error:  syntax error, unexpected token "}" in /srv/api/index.php on line 9',
    'PHP Fatal error:  Uncaught Error: Call to undefined function imagewebp() in /srv/api/index.php:12',
  ])('counts what PHP ends a request with: %s', (message) => {
    expect(judge([started, line('10:40:03', message)])).toMatchObject({ status: 'failed' });
  });

  it('leaves alone what a dependency does to PHP', () => {
    const refused = 'PHP Fatal error:  Uncaught PDOException: SQLSTATE[08006] [7] connection refused';
    expect(judge([started, line('10:40:03', refused)])).toMatchObject({ status: 'passed' });
  });

  it('hints at a release whose answers complain, in words of its own, of what was no trouble before', () => {
    const told = (at: string, words: string) => line(at, `shop: prices: ${words}`);
    const body = '{"prices": "the list is not there yet, web-1 is building it"}';
    const words = 'the list is not there yet, web-1 is building it';
    expect(judge([line('10:30:00', 'served'), told('10:40:03', words)], { body })).toMatchObject({
      status: 'failed',
      confidence: 'possible',
      summary: expect.stringContaining(words) as string,
    });
    const as = (lines: JournalLine[], said = body) => judge(lines, { body: said }).status;
    expect(as([told('10:30:00', words), told('10:40:03', words)])).toBe('passed');
    expect(as([line('10:30:00', 'served'), told('10:40:03', 'another complaint of it')])).toBe('passed');
    expect(as([told('10:40:03', words)])).toBe('passed');
    const refused = 'WRONGPASS invalid username-password pair';
    expect(as([line('10:30:00', 'served'), told('10:40:03', refused)], refused)).toBe('passed');
  });

  it('is not sure of a file that was missed at the start, and not since', () => {
    const lines = [
      line('10:30:00', 'served'),
      line('10:40:03', 'open .env.local: no such file or directory'),
    ];
    expect(judge(lines, { now: SOON })).toMatchObject({ confidence: 'likely' });
    expect(judge(lines)).toMatchObject({ confidence: 'possible' });
    const handled = (at: string) => line(at, "KeyError: 'recommendation' (ignored)");
    const noisy = [handled('10:30:00'), ...lines, handled('10:43:55')];
    expect(judge(noisy)).toMatchObject({ confidence: 'possible' });
  });

  it.each([
    "[Errno 13] Permission denied: '/var/lib/api/visits'",
    "EACCES: permission denied, open '/var/lib/api/visits'",
    'Permission denied @ rb_sysopen - /var/lib/api/visits',
    'open /var/lib/api/visits: permission denied',
    'fopen(/var/lib/api/visits): Failed to open stream: Permission denied',
    'java.nio.file.AccessDeniedException: /var/lib/api/visits',
  ])('knows a file that is closed to the app since the release: %s', (message) => {
    const lines = [line('10:30:00', 'served'), line('10:40:03', message)];
    expect(judge(lines, { now: SOON })).toMatchObject({ status: 'failed', confidence: 'likely' });
  });

  it('lays a file that lies elsewhere on the release only where it was missed at once', () => {
    const missed = (time: string) => line(time, "[Errno 2] No such file or directory: '/mnt/uploads/today'");
    const served = line('10:30:00', 'served');
    expect(judge([served, missed('10:40:03')], { now: SOON })).toMatchObject({ confidence: 'likely' });
    expect(judge([served, missed('10:41:00')], { now: SOON })).toMatchObject({ confidence: 'possible' });
  });

  it('takes files of one folder for the same error', () => {
    const closed = (time: string, name: string) =>
      line(time, `[Errno 13] Permission denied: '/srv/uploads/${name}.png'`);
    expect(judge([closed('10:30:00', 'anna'), closed('10:40:03', 'bert')], { now: SOON })).toMatchObject({
      status: 'passed',
    });
  });

  it.each([
    "connect to the agent: [Errno 2] No such file or directory: '/srv/api/run/agent.sock'",
    'nginx: connect() to unix:/run/app.sock failed (2: No such file or directory)',
  ])('leaves alone what no release brings: %s', (message) => {
    expect(judge([line('10:30:00', 'served'), line('10:40:03', message)])).toMatchObject({
      status: 'passed',
    });
  });

  it.each<[why: string, lines: JournalLine[], over?: { status?: number; changedAt?: string }]>([
    ['the same error before', [missing('10:30:00'), started, missing('10:40:03')]],
    [
      'the same error before, of another object',
      [
        line('10:30:00', "AttributeError: <Order at 0x7f01> has no attribute 'tax'"),
        started,
        line('10:40:03', "AttributeError: <Order at 0x7f02> has no attribute 'tax'"),
      ],
    ],
    ['what a dependency does', [started, line('10:40:03', 'redis: Error 111 connecting to cache:6379.')]],
    ['requests that are served', [started, missing('10:40:03')], { status: 200 }],
    ['a release of long ago', [started, missing('10:40:03')], { changedAt: '2026-11-22T10:10:00.000Z' }],
  ])('passes %s', (_why, lines, over) => {
    expect(judge(lines, over)).toMatchObject({ status: 'passed' });
  });
});

describe('an answer that nginx cannot use', () => {
  const said = (at: string, ageSeconds: number): ProxyLogLine => ({
    at: `2026-11-22T${at}.000Z`,
    ageSeconds,
    level: 'error',
    kind: 'upstream-unusable',
    zone: null,
    client: '10.0.0.1',
    upstream: 'http://127.0.0.1:8000/',
    line: 'upstream sent too big header while reading response header from upstream, client: 10.0.0.1',
  });
  const before: ProxyLogLine = { ...said('10:30:00', 624), kind: 'other', line: 'open() failed' };
  const judgeLog = (lines: ProxyLogLine[]) =>
    judged(
      releaseErring,
      {
        release: { id: 'r44', changedAt: CHANGED_AT, lines: ['id r44'], around: [] },
        unitJournal: { unit: 'api.service', lines: [started] },
        appAnswer: answer(200),
        proxyLog: { path: '/var/log/nginx/error.log', lines: [before, ...lines] },
      },
      { service: service('api', { release: { link: '/srv/api/current' } }) },
    );

  it('is laid on the release that it began with', () => {
    expect(judgeLog([said('10:40:04', 20), said('10:40:20', 4)])).toMatchObject({
      status: 'failed',
      cause: 'deployment',
      confidence: 'likely',
      summary: expect.stringContaining(
        'upstream sent too big header while reading response header',
      ) as string,
    });
  });

  it.each([
    ['began before it', [said('10:39:50', 34), said('10:40:20', 4)]],
    ['is over', [said('10:40:04', 60)]],
    ['is of another service', [{ ...said('10:40:20', 4), upstream: 'http://127.0.0.1:9000/' }]],
    ['is only warned of', [{ ...said('10:40:20', 4), level: 'warn' }]],
    ['was there days before', [said('10:20:00', 1224), said('10:40:20', 4)]],
  ])('is not, where it %s', (_name, lines) => {
    expect(judgeLog(lines)).toMatchObject({ status: 'passed' });
  });
});

describe('codeErrorIn', () => {
  it.each([
    ['psycopg2.errors.UndefinedColumn: column o.customer does not exist', 'column o.customer does not exist'],
    ['ERROR: relation "order_line" does not exist at character 15', 'relation "order_line" does not exist'],
    ["1054 (42S22): Unknown column 'customer' in 'field list'", "Unknown column 'customer'"],
    ['sqlite3.OperationalError: no such table: orders', 'no such table: orders'],
    [
      'shop: cache: WRONGTYPE Operation against a key holding the wrong kind of value',
      'WRONGTYPE Operation against a key holding the wrong kind of value',
    ],
    ["KeyError: 'customer'", "KeyError: 'customer'"],
    [
      "TypeError: Cannot read properties of undefined (reading 'id')",
      "TypeError: Cannot read properties of undefined (reading 'id')",
    ],
    ['Exception in thread "main" java.lang.NullPointerException', 'java.lang.NullPointerException'],
    ['(Pdb) ', '(Pdb)'],
    ['ipdb> ', 'ipdb>'],
    ['bdb.BdbQuit', 'bdb.BdbQuit'],
    ['(byebug) ', '(byebug)'],
    ['[1] pry(main)> ', '[1] pry('],
  ])('knows %s', (message, words) => {
    expect(codeErrorIn(message)).toContain(words);
  });

  it.each([
    'could not connect to server: Connection refused',
    'FATAL: database "shop" does not exist',
    'FATAL: role "shop" does not exist',
    'TimeoutError: [Errno 110] Connection timed out',
    "FileNotFoundError: [Errno 2] No such file or directory: '/srv/x'",
    'OSError: [Errno 28] No space left on device',
    'payments: <urlopen error [Errno -3] Temporary failure in name resolution>',
    '(pdbx) 12 entries',
    'Pdb files were loaded',
  ])('leaves %s to others', (message) => {
    expect(codeErrorIn(message)).toBeNull();
  });
});

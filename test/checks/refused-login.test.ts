import { describe, expect, it } from 'vitest';
import { appRefusedByDependency } from '../../src/checks/app-refused-by-dependency.js';
import { appRefusedConnection } from '../../src/checks/app-refused-connection.js';
import { connectionsExhausted } from '../../src/checks/connections-exhausted.js';
import type { Check } from '../../src/checks/define-check.js';
import { evaluate } from '../../src/diagnosis/evaluate.js';
import type { Reading } from '../../src/model/reading.js';
import type { Facts } from '../../src/probes/index.js';
import { flat } from '../builders/judged.js';
import { NOW, outcomeOf, reading } from '../builders/readings.js';
import { service } from '../helpers/service.js';

const api = service('api', { hosts: ['api-1'] });
const host = { kind: 'host', name: 'api-1' } as const;
const judge = (check: Check, ...readings: Reading[]) => flat(outcomeOf(check, api, readings));

const health = (body: string, status = 503): Reading =>
  reading(
    'healthAnswer',
    {
      request: 'GET /health/ HTTP/1.1',
      status,
      reasonPhrase: null,
      headers: {},
      body,
      failure: null,
      firstByteMs: 12,
      certificateExpiresAt: null,
    },
    host,
  );
const lineOf = (message: string, ageSeconds: number, process = 'app') => {
  const at = new Date(Date.parse(NOW) - ageSeconds * 1000).toISOString();
  return { at, process, pid: 1, message, line: `${process}: ${message}` };
};
const journal = (message: string, ageSeconds = 3): Reading =>
  reading('unitJournal', { unit: 'api.service', lines: [lineOf(message, ageSeconds)] }, host);
const logged = (...said: readonly [message: string, ageSeconds: number][]): Reading =>
  reading(
    'unitJournal',
    { unit: 'api.service', lines: said.map(([message, age]) => lineOf(message, age)) },
    host,
  );
/** Complained, and was started anew since. */
const startedSince = (message: string): Reading => {
  const lines = [
    lineOf(message, 20),
    lineOf('Stopped api.service - API.', 16, 'systemd'),
    lineOf('Started api.service - API.', 15, 'systemd'),
    lineOf('Listening at: http://0.0.0.0:8000', 14),
  ];
  return reading('unitJournal', { unit: 'api.service', lines }, host);
};
const sessions = (over: Partial<Facts['databaseSessions']>): Reading =>
  reading(
    'databaseSessions',
    {
      address: 'diag503@db:5432/orders',
      refused: null,
      usage: [],
      groups: [],
      lockSessions: [],
      limits: [],
      pools: null,
      ...over,
    },
    { kind: 'dependency', name: 'database' },
  );
const refused = (words: string): Reading =>
  sessions({ refused: { code: '53300', message: `FATAL: ${words}` } });

const OURS = 'too many connections for role "diag503"';
const THEIRS = 'too many connections for role "app"';

describe('a refusal of our own login', () => {
  it.each([
    ['the limit of our role', refused(OURS), health('"ok"', 200), { status: 'unknown' }],
    [
      'the limit of a role that the app has, too',
      refused(THEIRS),
      health(THEIRS),
      { confidence: 'confirmed' },
    ],
    [
      'the limit of our role, and of the app in other words',
      refused(OURS),
      health(THEIRS),
      { status: 'unknown' },
    ],
    [
      'a full server',
      refused('sorry, too many clients already'),
      health('', 503),
      { confidence: 'confirmed' },
    ],
  ])('is evidence about the app where it must be: %s', (_name, seen, answer, expected) => {
    expect(judge(connectionsExhausted, seen, answer)).toMatchObject(expected);
  });

  it('says what would let us look', () => {
    const input = { service: api, readings: [refused(OURS)], now: NOW, checks: [connectionsExhausted] };
    const [evaluation] = evaluate(input);
    expect(evaluation?.gaps[0]?.reason).toContain('ALTER ROLE diag503 CONNECTION LIMIT');
  });
});

describe('a full limit of a role', () => {
  const full = (used: number, usedHere: number) =>
    sessions({ limits: [{ kind: 'role', name: 'app', limit: 2, used, usedHere }] });
  it.each([
    ['named by the app', full(2, 0), health(THEIRS), { confidence: 'confirmed' }],
    ['in the database of the service', full(2, 2), health(''), { confidence: 'likely' }],
    ['somewhere on the server', full(2, 0), health(''), { confidence: 'possible' }],
    ['not full', full(1, 1), health(''), { status: 'passed' }],
  ])('%s', (_name, seen, answer, expected) => {
    expect(judge(connectionsExhausted, seen, answer)).toMatchObject(expected);
  });
});

describe('the words of the app', () => {
  const redis = "command not allowed when used memory > 'maxmemory'.";
  it.each([
    [appRefusedByDependency, health(redis), 'confirmed', 'Redis refuses to write'],
    [
      appRefusedByDependency,
      health('invalid username-password pair or user is disabled.'),
      'confirmed',
      'Redis refuses its login',
    ],
    [
      appRefusedByDependency,
      health('FATAL:  password authentication failed for user "app"'),
      'confirmed',
      'PostgreSQL refuses its login',
    ],
    [appRefusedByDependency, health('DB index is out of range'), 'confirmed', 'set up otherwise'],
    [appRefusedByDependency, health('MOVED 3999 10.0.0.7:6381'), 'confirmed', 'set up otherwise'],
    [
      appRefusedByDependency,
      health('NOSCRIPT No matching script. Please use EVAL.'),
      'confirmed',
      'its script any more',
    ],
    [appRefusedConnection, health('FATAL:  sorry, too many clients already'), 'confirmed', 'no connection'],
    [appRefusedConnection, health('query_wait_timeout'), 'confirmed', 'PgBouncer'],
  ])('%o', (check, answer, confidence, words) => {
    expect(judge(check, answer)).toMatchObject({
      confidence,
      summary: expect.stringContaining(words) as string,
    });
  });

  it.each([
    ['a fresh line of its log, while it fails', journal(redis), health('failing'), { confidence: 'likely' }],
    [
      'a fresh line, while its answer tells of something else by now',
      journal(redis),
      health('{"detail": "relation \\"orders\\" does not exist"}'),
      { status: 'passed' },
    ],
    [
      'a fresh line, and a fresher one of what it answers by now',
      logged([redis, 20], ['cache: increment or decrement would overflow', 2]),
      health('{"cache": "increment or decrement would overflow"}'),
      { status: 'passed' },
    ],
    [
      'a fresh line, and an older one of what it answers as well',
      logged(['cache: increment or decrement would overflow', 20], [redis, 2]),
      health('{"cache": "increment or decrement would overflow"}'),
      { confidence: 'likely' },
    ],
    ['an old line', journal(redis, 300), health('failing'), { status: 'passed' }],
    ['a line, while it answers well', journal(redis), health('"ok"', 200), { status: 'passed' }],
    [
      'a line of the process before, which answers anew',
      startedSince(redis),
      health('no'),
      { status: 'passed' },
    ],
    [
      'a line of the process before, while a proxy answers for the one of now',
      startedSince(redis),
      health('Bad Gateway', 502),
      { confidence: 'likely' },
    ],
  ])('%s', (_name, lines, answer, expected) => {
    expect(judge(appRefusedByDependency, lines, answer)).toMatchObject(expected);
  });
});

describe('a server that speaks another language (lc_messages)', () => {
  const told = (message: string) => sessions({ refused: { code: '53300', message } });

  it.each([
    'FATAL: tut mir leid, schon zu viele Verbindungen',
    'FATAL: désolé, trop de clients sont déjà connectés',
    'ВАЖНО: извините, уже слишком много клиентов',
  ])('refuses every login without a name: %s', (message) => {
    expect(judge(connectionsExhausted, told(message))).toMatchObject({
      ...{ status: 'failed', confidence: 'likely' },
    });
  });

  it.each([
    'FATAL: zu viele Verbindungen für Rolle »diag503«',
    'FATAL: trop de connexions pour la base de données « orders »',
    'ВАЖНО: слишком много подключений для роли "überwacht"',
    'FATAL: zu viele Verbindungen f\uFFFDr Rolle \uFFFDdiag503\uFFFD',
  ])('names whose limit it is: %s', (message) => {
    expect(judge(connectionsExhausted, told(message))).toMatchObject({ status: 'unknown' });
  });
});

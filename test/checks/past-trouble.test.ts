import { describe, expect, it } from 'vitest';
import { connectionsExhausted } from '../../src/checks/connections-exhausted.js';
import { portRefused } from '../../src/checks/port-refused.js';
import type { HttpAnswer } from '../../src/probes/http-answer.js';
import { NOW, outcomeOf, reading } from '../builders/readings.js';
import { service } from '../helpers/service.js';

const REFUSAL = 'FATAL: sorry, too many clients already';
const api = service('api', { hosts: ['api-1'] });
const host = { kind: 'host', name: 'api-1' } as const;

const answer = (over: Partial<HttpAnswer>): HttpAnswer => ({
  request: 'GET /health/ HTTP/1.1',
  status: 503,
  reasonPhrase: null,
  headers: {},
  body: '',
  failure: null,
  firstByteMs: 12,
  certificateExpiresAt: null,
  ...over,
});

const sessions = reading(
  'databaseSessions',
  {
    address: 'app@db:5432/orders',
    refused: null,
    usage: [0, 1].map(() => ({
      used: 3,
      usable: 17,
      maxConnections: 20,
      active: 0,
      activeLong: 0,
      idle: 3,
      idleInTransaction: 0,
      idleInTransactionOld: 0,
      oldestIdleInTransactionAt: null,
      waitingForLock: 0,
      hidden: 0,
    })),
    groups: [],
    lockSessions: [],
    limits: [],
    pools: null,
  },
  { kind: 'dependency', name: 'database' },
);
const journal = (ageSeconds: number) => {
  const at = new Date(Date.parse(NOW) - ageSeconds * 1000).toISOString();
  const line = { at, process: 'app', pid: 1, message: REFUSAL, line: `app: ${REFUSAL}` };
  return reading('unitJournal', { unit: 'api.service', lines: [line] }, host);
};
const health = (over: Partial<HttpAnswer>) => reading('healthAnswer', answer(over), host);

describe('connections that were refused while slots are free now', () => {
  it.each([
    ['are past', journal(240), health({ body: 'cache unreachable' }), { status: 'passed' }],
    ['are a hint right after', journal(4), health({}), { finding: { confidence: 'possible' } }],
    [
      'count while answers name it',
      journal(4),
      health({ body: REFUSAL }),
      { finding: { confidence: 'likely' } },
    ],
  ])('%s', (_name, said, answered, expected) => {
    expect(outcomeOf(connectionsExhausted, api, [sessions, said, answered])).toMatchObject(expected);
  });

  it('are mentioned as past', () => {
    expect(outcomeOf(connectionsExhausted, api, [sessions, journal(240)])).toEqual({
      status: 'passed',
      summary:
        '3 of 17 usable connections used now; before, the app was refused 1 connection, last 4 min ago',
    });
  });
});

describe('a host whose sockets were not read', () => {
  const refused = health({
    status: null,
    failure: { rung: 'tcp', kind: 'refused', message: 'connection refused' },
  });

  it('listens nowhere, if a request through its network is refused', () => {
    expect(outcomeOf(portRefused, api, [refused])).toMatchObject({
      status: 'failed',
      finding: { cause: 'not-started', confidence: 'confirmed' },
    });
  });

  it('runs, if it answers', () => {
    expect(outcomeOf(portRefused, api, [health({})])).toMatchObject({ status: 'passed' });
  });

  it('is not judged by others where its own sockets were read', () => {
    const sockets = reading('listenSockets', [], host);
    expect(outcomeOf(portRefused, api, [refused, sockets])).toMatchObject({ status: 'skipped' });
  });
});

import { describe, expect, it } from 'vitest';
import { sessionsBlockedByLock } from '../../src/checks/sessions-blocked-by-lock.js';
import type { Facts } from '../../src/probes/index.js';
import { outcomeOf, reading } from '../builders/readings.js';
import { service } from '../helpers/service.js';

const database = { kind: 'dependency', name: 'database' } as const;
const sessions = (over: Partial<Facts['databaseSessions']>) =>
  reading(
    'databaseSessions',
    {
      address: 'app@db:5432/orders',
      refused: null,
      usage: [],
      groups: [],
      lockSessions: [],
      limits: [],
      pools: null,
      ...over,
    },
    database,
  );
const judge = (over: Partial<Facts['databaseSessions']>) =>
  outcomeOf(sessionsBlockedByLock, service('shop'), [sessions(over)]);
const failed = (confidence: string, words = '') => ({
  status: 'failed',
  finding: { confidence, summary: expect.stringContaining(words) as string },
});

describe('a session', () => {
  const session = (pid: number, blockedBy: number[], over: object = {}) => ({
    pid,
    user: 'app',
    application: 'shop',
    client: '10.0.0.1',
    state: 'active',
    waitEventType: 'Lock',
    blockedBy,
    transactionSeconds: 60,
    transactionStartedAt: '2026-11-22T09:59:00Z',
    stateSeconds: 5,
    query: 'select 1',
    line: `${String(pid)} | app`,
    ...over,
  });
  it.each([
    [
      'a migration behind a forgotten transaction',
      [
        session(1, [], { state: 'idle in transaction' }),
        session(2, [1], { query: 'ALTER TABLE orders ADD note text', application: 'alembic' }),
        session(3, [2]),
        session(4, [2]),
      ],
      'deployment',
      '3 sessions wait',
    ],
    [
      'an ALTER by hand behind a forgotten transaction',
      [
        session(1, [], { state: 'idle in transaction' }),
        session(2, [1], { query: 'ALTER TABLE orders ADD note text' }),
        session(3, [2]),
        session(4, [2]),
      ],
      'database-connections',
      'which waits itself',
    ],
    [
      'a forgotten transaction',
      [
        session(1, [], { state: 'idle in transaction', query: 'update orders set x = 1' }),
        session(2, [1]),
        session(3, [1]),
        session(4, [1]),
      ],
      'database-connections',
      'idle in transaction',
    ],
    [
      'an ALTER that nobody has committed',
      [
        session(1, [], { state: 'idle in transaction', query: 'ALTER TABLE orders ADD note text' }),
        session(2, [1]),
        session(3, [1]),
        session(4, [1]),
      ],
      'database-connections',
      'idle in transaction',
    ],
    [
      'a migration that is between two of its statements',
      [
        session(1, [], {
          ...{ state: 'idle in transaction', stateSeconds: 0.2 },
          query: 'ALTER TABLE orders ADD note text',
        }),
        session(2, [1]),
        session(3, [1]),
        session(4, [1]),
      ],
      'deployment',
      'a migration',
    ],
  ] as const)('waits for %s', (_name, lockSessions, cause, words) => {
    const outcome = judge({ lockSessions: [...lockSessions] });
    expect(outcome).toMatchObject({
      finding: {
        cause,
        since: '2026-11-22T09:59:00.000Z',
        summary: expect.stringContaining(words) as string,
      },
    });
  });
  const boots = (pid: number, blockedBy: number[], over: object = {}) =>
    session(pid, blockedBy, { query: 'ALTER TABLE orders ADD vat numeric', application: 'boot', ...over });
  it.each([
    ['one of them is at it', { query: 'select pg_sleep(9)', application: 'boot' }, 'deployment'],
    [
      'a transaction of long before is in their way',
      { query: 'select 1', application: 'boot', state: 'idle in transaction', transactionSeconds: 3_600 },
      'database-connections',
    ],
    ['another program is in their way', { query: 'select 1', application: 'report' }, 'database-connections'],
  ])('waits for workers that change the schema as they boot: %s', (_name, root, cause) => {
    const lockSessions = [session(1, [], root), boots(2, [1]), boots(3, [1]), boots(4, [1])];
    expect(judge({ lockSessions })).toMatchObject({ finding: { cause } });
  });

  it.each([
    ['REFRESH MATERIALIZED VIEW sales_by_day', 'database-connections'],
    ['VACUUM FULL orders', 'database-connections'],
    ['REINDEX TABLE orders', 'database-connections'],
    ['CLUSTER orders USING orders_pkey', 'database-connections'],
    ['ALTER TABLE orders ADD note text', 'deployment'],
    ['CREATE INDEX ON orders (customer)', 'deployment'],
  ])('waits for %s: %s', (query, cause) => {
    const lockSessions = [session(1, [], { query }), session(2, [1]), session(3, [1]), session(4, [1])];
    expect(judge({ lockSessions })).toMatchObject({ finding: { cause } });
  });

  describe('of somebody else, while the sessions of the app wait for nothing,', () => {
    const group = {
      ...{ user: 'app', application: 'shop', client: '10.0.0.11', state: 'idle' },
      ...{ count: 3, longestSeconds: 20, line: 'app | shop | 10.0.0.11 | idle' },
    };
    const job = (pid: number, blockedBy: number[]) => session(pid, blockedBy, { client: '127.0.0.1' });
    const lockSessions = [job(1, []), job(2, [1]), job(3, [1]), job(4, [1])];
    const socket = {
      ...{ pids: [], inbound: false, accepted: true, peer: '10.0.0.21', peerPort: 5432 },
      ...{ lastSentMs: 9000, lastReceivedMs: 9000, heard: true },
      line: '0 0 10.0.0.11:41680 10.0.0.21:5432 uid:33 ino:79',
    };
    const judgeBeside = (over: Partial<Facts['databaseSessions']>, ends: Partial<typeof socket> = {}) =>
      outcomeOf(sessionsBlockedByLock, service('shop', { hosts: ['web-1'] }), [
        sessions({ groups: [group], lockSessions, ...over }),
        reading(
          'workerSockets',
          { by: 'login', sockets: [{ ...socket, ...ends }], cut: false },
          { kind: 'host', name: 'web-1' },
        ),
      ]);
    const WORDS = 'none of them comes from where the sessions of the app come from';

    it('does not hold it up', () => {
      expect(judgeBeside({})).toMatchObject(failed('possible', WORDS));
      const oneOfOurs = [...lockSessions, session(5, [1], { client: '10.0.0.11' })];
      expect(judgeBeside({ lockSessions: oneOfOurs })).toMatchObject(failed('likely'));
      expect(judgeBeside({ pools: [] })).toMatchObject(failed('likely')); // of the pooler none is seen
    });

    const pooled = { groups: [{ ...group, client: '10.0.0.21' }] };
    const through = [...lockSessions, session(5, [1], { client: '10.0.0.21' })];
    it.each([
      ['does not hold it up', pooled, {}, 'possible', WORDS],
      ['does not hold it up, by IPv6 sockets', pooled, { peer: '[::ffff:10.0.0.21]' }, 'possible', WORDS],
      ['may hold it up: one waits', { ...pooled, lockSessions: through }, {}, 'likely', ''],
      ['may hold it up: that is on the hosts themselves', pooled, { peer: '127.0.0.1' }, 'likely', ''],
      ['may hold it up: they talk to another port there', pooled, { peerPort: 6379 }, 'likely', ''],
    ] as const)('behind a pooler, %s', (_name, over, ends, confidence, words) => {
      expect(judgeBeside({ ...over, pools: [] }, ends)).toMatchObject(failed(confidence, words));
    });
  });

  it('waits for a prepared transaction, which has no session, and may wait for a session beside it', () => {
    const behind = (pid: number) => session(pid, [0]);
    const prepared = { lockSessions: [behind(2), behind(3), behind(4)] };
    expect(judge(prepared)).toMatchObject(
      failed('likely', '3 sessions wait for a lock, for up to 5 s, behind a prepared transaction'),
    );
    const beside = { lockSessions: [...prepared.lockSessions, session(7, []), session(8, [7])] };
    expect(judge(beside)).toMatchObject(failed('likely', 'prepared'));
    const mostly = { lockSessions: [behind(2), session(7, []), session(8, [7]), session(9, [7])] };
    expect(judge(mostly)).toMatchObject(failed('likely', 'pid 7'));
  });

  it('waits a moment, as every database does', () => {
    const brief = [session(1, []), session(2, [1], { stateSeconds: 0.1 })];
    expect(judge({ lockSessions: brief })).toMatchObject({
      status: 'passed',
    });
  });
});

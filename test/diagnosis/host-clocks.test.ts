import { describe, expect, it } from 'vitest';
import { connectionsExhausted } from '../../src/checks/connections-exhausted.js';
import { rolloutInProgress } from '../../src/checks/rollout-in-progress.js';
import { sessionsBlockedByLock } from '../../src/checks/sessions-blocked-by-lock.js';
import { unitFailed } from '../../src/checks/unit-failed.js';
import { evaluate, findingsOf } from '../../src/diagnosis/evaluate.js';
import { clockOffsets } from '../../src/diagnosis/host-clocks.js';
import { observe } from '../../src/diagnosis/observe.js';
import type { Reading } from '../../src/model/reading.js';
import type { DatabaseSessions } from '../../src/probes/database-sessions.js';
import type { FactName, Facts } from '../../src/probes/index.js';
import { findingOf, reading } from '../builders/readings.js';
import { fixture, parseOutput } from '../builders/recorded.js';
import { service } from '../helpers/service.js';

const AT = '2026-11-22T10:00:00.000Z';
const BEHIND_MS = -14 * 60_000;
const at = (ms: number): string => new Date(Date.parse(AT) + ms).toISOString();
const onHost = <N extends FactName>(name: N, fact: Facts[N], host = 'local'): Reading => ({
  ...reading(name, fact, { kind: 'host', name: host }, host),
  at: AT,
});
const clock = (aheadMs: number, durationMs = 40, host = 'local'): Reading => ({
  ...onHost('hostClock', { now: at(aheadMs), uptimeSeconds: 1000 }, host),
  durationMs,
});

/** A unit that failed 60 s ago, as a host says it whose clock is this much ahead. */
const failedUnit = (aheadMs: number): Facts['unitState'] => {
  const seconds = Math.floor((Date.parse(AT) + aheadMs) / 1000) - 60;
  const output = fixture('unit-state', 'failed-exit').replaceAll(/=@[1-9]\d*/g, `=@${seconds}`);
  return parseOutput('unitState', output) as Facts['unitState'];
};

describe('clock offset of a host', () => {
  it.each([
    ['right', 0, 40, 0],
    ['told at the begin of a slow reading', -3800, 4000, 0],
    ['behind by more than the reading took', -60_000, 4000, -60_000],
    ['ahead: no reading explains that', 5000, 4000, 5000],
  ])('%s', (_name, aheadMs, durationMs, expected) => {
    expect(clockOffsets([clock(aheadMs, durationMs)]).get('local')).toBe(expected);
  });

  it('is not known where the clock was not read', () => {
    expect(observe([]).clockOffset('local')).toBeUndefined();
  });
});

describe('times by a wrong clock', () => {
  const judged = (aheadMs: number) =>
    findingsOf(
      evaluate({
        service: service(),
        readings: [clock(aheadMs), onHost('unitState', failedUnit(aheadMs))],
        now: at(500),
        checks: [unitFailed],
      }),
    );

  it.each([0, BEHIND_MS, 3 * 3600_000])('a finding says since when by our clock (%i ms ahead)', (aheadMs) => {
    expect(judged(aheadMs)[0]?.since).toBe(at(-60_000));
  });

  it('words of the host itself stay as they are', () => {
    const [finding] = judged(BEHIND_MS);
    const state = failedUnit(BEHIND_MS);
    for (const excerpt of finding?.evidence.flatMap(({ excerpt: text }) => text.split('\n')) ?? []) {
      expect(state.lines).toContain(excerpt);
    }
  });

  it('what a journal said a moment ago is not taken for history', () => {
    const line = (aheadMs: number) => ({
      at: at(aheadMs - 2000),
      process: 'gunicorn',
      pid: 7,
      message: 'FATAL: sorry, too many clients already',
      line: 'gunicorn[7]: FATAL: sorry, too many clients already',
    });
    const free = { used: 3, usable: 97, maxConnections: 100, active: 1, idle: 2 };
    const usage = {
      ...free,
      idleInTransaction: 0,
      idleInTransactionOld: 0,
      oldestIdleInTransactionAt: null,
      waitingForLock: 0,
      hidden: 0,
      activeLong: 0,
    };
    const sessions: DatabaseSessions = { ...NO_SESSIONS, usage: [usage, usage] };
    const readings = (aheadMs: number) => [
      clock(aheadMs),
      onHost('unitJournal', { unit: 'shop.service', lines: [line(aheadMs)] }),
      reading('databaseSessions', sessions, { kind: 'dependency', name: 'database' }),
    ];
    const since = (aheadMs: number) =>
      findingOf(connectionsExhausted, service(), readings(aheadMs), AT).since;
    expect(since(0)).toBe(at(-2000));
    expect(since(BEHIND_MS)).toBe(at(-2000));
  });

  it('restarts on hosts with different clocks are put in order', () => {
    const two = service('api-prod', { hosts: ['api-1', 'api-2'] });
    const stopping = (host: string, aheadMs: number): Reading[] => [
      clock(aheadMs, 40, host),
      onHost('deployActivity', { processes: [], locks: [] }, host),
      onHost(
        'unitState',
        { ...failedUnit(aheadMs), activeState: 'deactivating', subState: 'stop-sigterm', result: 'success' },
        host,
      ),
    ];
    const readings = [...stopping('api-1', BEHIND_MS), ...stopping('api-2', 0)];
    expect(findingOf(rolloutInProgress, two, readings, AT).since).toBe(at(-60_000));
  });
});

const NO_SESSIONS: DatabaseSessions = {
  address: 'diag503@db:5432/orders',
  refused: null,
  usage: [],
  groups: [],
  lockSessions: [],
  limits: [],
  pools: null,
};

describe('times by the clock of a database', () => {
  it('an old transaction is as old as the server says, whatever its clock', () => {
    const session = {
      user: 'api',
      application: 'api',
      client: null,
      state: 'active',
      waitEventType: 'Lock',
      blockedBy: [1],
      transactionSeconds: 40,
      transactionStartedAt: '2020-01-01T00:00:00Z',
      stateSeconds: 40,
      query: 'select 1',
      line: 'api',
    };
    const root = { ...session, pid: 1, waitEventType: null, blockedBy: [], transactionSeconds: 120 };
    const lockSessions = [root, ...[2, 3, 4].map((pid) => ({ ...session, pid }))];
    const seen = {
      ...reading('databaseSessions', { ...NO_SESSIONS, lockSessions }, {
        kind: 'dependency',
        name: 'database',
      } as const),
      at: AT,
    };
    expect(findingOf(sessionsBlockedByLock, service(), [seen], AT).since).toBe(at(-120_000));
  });
});

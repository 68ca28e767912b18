import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { Confidence } from '../../src/model/cause.js';
import { BEHIND_HAPROXY, DEAD, HEALTH, OK, three } from './host-cases.js';
import {
  app503,
  judgeSituation,
  nginx503,
  readingsOf,
  refused,
  toldChecks,
  type Situation,
  haproxy503,
  answer,
} from './situation.js';

const SERVED: Situation = { public: three(OK), app: OK, health: OK };

describe('controls', () => {
  it('claims nothing on a healthy service', () => {
    const { verdict, ruledOut, unknown } = judgeSituation(SERVED);
    expect(verdict).toEqual({
      status: 'healthy',
      cause: null,
      confidence: null,
      summary: 'answers 200 in 34 ms; no check failed',
      chain: [],
      hop: null,
      remediations: [],
    });
    expect(ruledOut.map(({ cause }) => cause)).toHaveLength(8);
    expect(unknown).toEqual([]);
  });

  it('says that it is over already, and lists what is left of it', () => {
    const { verdict, findings } = judgeSituation({
      ...SERVED,
      failed: [{ check: 'memory-exhausted', on: 'api-2', summary: '1 OOM kill 9 min ago' }],
    });
    expect(verdict.status).toBe('healthy');
    expect(verdict.summary).toBe('answers 200 in 34 ms; beside it: api-2: 1 OOM kill 9 min ago');
    expect(findings).toHaveLength(1);
  });

  it('names the surest trouble beside it, not the nearest hint', () => {
    const { verdict } = judgeSituation({
      ...SERVED,
      dependencies: ['cache'],
      failed: [
        { check: 'cpu-saturated', summary: 'CPU pressure 83 %', confidence: 'possible' },
        { check: 'dependency-unreachable', on: 'cache', summary: 'cache is unreachable' },
      ],
    });
    expect(verdict.summary).toMatch(/; beside it: cache is unreachable, and \d more$/);
  });

  it('is healthy when one host is unreachable but users are served', () => {
    const { verdict, hosts } = judgeSituation({ ...SERVED, unreached: ['api-2'] });
    expect(verdict.status).toBe('healthy');
    expect(verdict.summary).toContain('1 of 2 hosts reached');
    expect(hosts[1]).toMatchObject({ reached: false });
  });

  it('is healthy when the balancer routes around one sick host', () => {
    const { verdict, findings } = judgeSituation({
      behind: 'haproxy',
      health: { 'api-1': OK, 'api-2': refused },
      members: { 'api-1': 'UP', 'api-2': 'DOWN' },
      failed: [{ check: 'unit-failed', on: 'api-2' }],
    });
    expect(verdict.status).toBe('healthy');
    expect(findings.map(({ check }) => check)).toEqual(['unit-failed']);
  });

  it('does not call a service healthy of which one host was not heard and nobody in front was asked', () => {
    const { verdict } = judgeSituation({ health: OK, unreached: ['api-2'] });
    expect(verdict.status).toBe('inconclusive');
    expect(verdict.summary).toContain('api-2 not heard');
  });

  it('is inconclusive, and says what is missing, where nothing may be read', () => {
    const unread = toldChecks.map(({ id }) => ({ check: id }));
    const { verdict, unknown, checklist, ruledOut } = judgeSituation({ ...BEHIND_HAPROXY, unread });
    expect(verdict.status).toBe('inconclusive');
    expect(verdict.summary).toContain('missing: api-1: permission denied');
    expect(ruledOut).toEqual([]);
    // That the app answers at all is proof that it runs.
    expect(checklist.map(({ answer }) => answer)).toEqual([
      'yes',
      'unknown',
      'no',
      'unknown',
      'unknown',
      'unknown',
    ]);
    expect(unknown.filter(({ target }) => target.name === 'api-1')).toHaveLength(1);
  });

  it('is unreachable when no host was reached and nothing else decides', () => {
    const { verdict } = judgeSituation({ ...DEAD, unreached: ['api-1', 'api-2'] });
    expect(verdict.status).toBe('unreachable');
    expect(verdict.summary).toBe('0 of 2 hosts reached; api-1, api-2: connection timed out');
    expect(verdict.hop).toBe('balancer');
  });

  it('finds a cause seen from the worker though no host was reached, one band lower', () => {
    const { verdict } = judgeSituation({
      ...DEAD,
      unreached: ['api-1', 'api-2'],
      failed: [{ check: 'connections-exhausted' }],
    });
    expect(verdict).toMatchObject({
      status: 'cause-found',
      cause: 'database-connections',
      confidence: 'likely',
    });
  });
});

describe('what lies beside the root', () => {
  it('names both of two equal causes and is sure of none', () => {
    const { verdict } = judgeSituation({
      ...BEHIND_HAPROXY,
      app: { ...app503, body: 'redis down, no database connection' },
      dependencies: ['cache'],
      failed: [{ check: 'connections-exhausted' }, { check: 'dependency-unreachable', on: 'cache' }, HEALTH],
    });
    expect(verdict).toMatchObject({ status: 'cause-found', confidence: 'possible' });
    expect(verdict.summary).toContain('the evidence does not decide between the two');
    expect(verdict.summary).toMatch(/connections-exhausted.*dependency-unreachable/);
  });

  it('R13: names two roots on two hosts', () => {
    const { verdict } = judgeSituation({
      ...DEAD,
      failed: [
        { check: 'unit-inactive', on: 'api-1' },
        { check: 'accept-queue-full', on: 'api-2' },
      ],
    });
    expect(verdict).toMatchObject({ status: 'cause-found', cause: 'not-started', confidence: 'likely' });
    expect(verdict.summary).toContain('; and accept-queue-full on api-2');
  });

  it('R9: keeps what is broken behind a maintenance page', () => {
    const { verdict, findings } = judgeSituation({
      behind: 'nginx',
      public: three(nginx503),
      app: refused,
      health: refused,
      failed: [{ check: 'maintenance-mode' }, { check: 'unit-failed' }],
    });
    expect(findings.map(({ check }) => check)).toEqual(['maintenance-mode', 'unit-failed', 'unit-failed']);
    expect(verdict.hop).toBe('proxy');
  });

  it('R11: a shared fault is not sure to explain one bad host of two', () => {
    const { verdict } = judgeSituation({
      hosts: ['api-1', 'api-2'],
      dependencies: ['cache'],
      health: { 'api-1': OK, 'api-2': app503 },
      failed: [
        { check: 'dependency-failing', on: 'cache' },
        { ...HEALTH, on: 'api-2' },
      ],
    });
    expect(verdict.confidence === null || verdict.confidence === 'possible').toBe(true);
  });

  it('weak findings alone are a hint, not a cause', () => {
    const { verdict } = judgeSituation({
      ...BEHIND_HAPROXY,
      failed: [{ check: 'cpu-saturated', confidence: 'possible', summary: 'CPU pressure 30 %' }],
    });
    expect(verdict.status).toBe('inconclusive');
    expect(verdict.summary).toContain('only a hint: 2 of 2 hosts: api-1: CPU pressure 30 %');
  });

  describe('where a busy CPU hurts no host', () => {
    const busy = { check: 'cpu-saturated', confidence: 'likely', on: ['api-1', 'api-2'] } as const;
    const serving: Situation = {
      behind: 'haproxy',
      public: three(haproxy503),
      app: answer(200),
      health: answer(200),
    };

    it('a limit that is reached in front of them stands for itself', () => {
      const limited = { check: 'concurrency-limited', confidence: 'confirmed', cause: 'overload' } as const;
      const { verdict } = judgeSituation({ ...serving, failed: [busy, limited] });
      expect(verdict).toMatchObject({ status: 'cause-found', cause: 'overload', confidence: 'confirmed' });
      expect(verdict.chain[0]?.check).toBe('concurrency-limited');
    });

    it('a limit that is reached follows from what holds the requests of other pages', () => {
      const limited = { check: 'concurrency-limited', confidence: 'likely', cause: 'overload' } as const;
      const { verdict } = judgeSituation({
        ...serving,
        failed: [limited, { check: 'sessions-blocked-by-lock' }],
      });
      expect(verdict.cause).toBe('database-connections');
      expect(verdict.chain.map(({ check }) => check)).toContain('concurrency-limited');
    });
  });
});

const ids = toldChecks.map(({ id }) => id);
const anyConfidence = fc.constantFrom<Confidence>('confirmed', 'likely', 'possible');
const anyFailed = fc.uniqueArray(fc.record({ check: fc.constantFrom(...ids), confidence: anyConfidence }), {
  maxLength: 6,
  selector: ({ check }) => check,
});
const anyBase = fc.constantFrom<Situation>(
  BEHIND_HAPROXY,
  DEAD,
  { behind: 'nginx', public: three(nginx503), app: refused, health: refused },
  { health: app503 },
);
const BANDS: (Confidence | null)[] = [null, 'possible', 'likely', 'confirmed'];

describe('for any findings', () => {
  test.prop([anyBase])('without one there is no cause', (base) => {
    expect(judgeSituation(base).verdict.status).not.toBe('cause-found');
  });

  test.prop([anyFailed])('a served user means no cause', (failed) => {
    expect(judgeSituation({ ...SERVED, failed }).verdict).toMatchObject({ status: 'healthy', cause: null });
  });

  test.prop([anyBase, anyFailed, fc.constantFrom(...ids)])(
    'an unknown never raises the confidence',
    (base, failed, silent) => {
      fc.pre(!failed.some(({ check }) => check === silent));
      const before = judgeSituation({ ...base, failed }).verdict;
      const after = judgeSituation({ ...base, failed, unread: [{ check: silent }] }).verdict;
      expect(after.cause).toBe(before.cause);
      expect(BANDS.indexOf(after.confidence)).toBeLessThanOrEqual(BANDS.indexOf(before.confidence));
    },
  );

  test.prop([anyBase, anyFailed])('a lost host never raises the confidence', (base, failed) => {
    const before = judgeSituation({ ...base, hosts: ['api-1'], failed }).verdict;
    const after = judgeSituation({
      ...base,
      hosts: ['api-1', 'api-2'],
      failed,
      unreached: ['api-2'],
    }).verdict;
    expect(BANDS.indexOf(after.confidence)).toBeLessThanOrEqual(BANDS.indexOf(before.confidence));
  });

  it('a lost host takes nothing from members that are down for their restarts', () => {
    const restarted: Situation = {
      ...BEHIND_HAPROXY,
      members: { 'api-1': 'DOWN', 'api-2': 'DOWN' },
      failed: [
        { check: 'app-pool-exhausted', confidence: 'likely' },
        { check: 'unit-restarted-repeatedly' },
        { check: 'member-down-though-healthy' },
      ],
    };
    const alone = judgeSituation({ ...restarted, hosts: ['api-1'] }).verdict;
    const beside = judgeSituation({ ...restarted, hosts: ['api-1', 'api-2'], unreached: ['api-2'] }).verdict;
    expect(beside.cause).toBe('database-connections');
    expect(beside.chain.map(({ check }) => check)).toEqual(alone.chain.map(({ check }) => check));
    expect(BANDS.indexOf(beside.confidence)).toBeLessThanOrEqual(BANDS.indexOf(alone.confidence));
  });

  test.prop([anyBase, anyFailed, fc.array(fc.nat(), { minLength: 200, maxLength: 200 })])(
    'the order of readings does not matter',
    (base, failed, keys) => {
      const situation = { ...base, failed };
      const readings = readingsOf(situation);
      const shuffled = readings
        .map((reading, index) => ({ reading, key: keys[index] ?? 0 }))
        .toSorted((a, b) => a.key - b.key)
        .map(({ reading }) => reading);
      expect(judgeSituation(situation, shuffled)).toEqual(judgeSituation(situation, readings));
    },
  );

  test.prop([anyBase, anyFailed])(
    'a cause is never both claimed and ruled out, and a chain ends at the symptom',
    (base, failed) => {
      const { verdict, ruledOut } = judgeSituation({ ...base, failed });
      expect(ruledOut.map(({ cause }) => cause)).not.toContain(verdict.cause);
      if (verdict.cause !== null) expect(verdict.chain.at(-1)?.cause).toBeNull();
    },
  );
});

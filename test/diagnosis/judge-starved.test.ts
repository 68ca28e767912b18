import { describe, expect, it } from 'vitest';
import { BEHIND_HAPROXY, HEALTH } from './host-cases.js';
import { answer, judgeSituation, readingsOf, type Situation } from './situation.js';

const SLOW = { check: 'dependency-slow', on: ['payments', 'database'], byLatency: true } as const;
const HUNG: Situation = {
  ...BEHIND_HAPROXY,
  dependencies: ['payments'],
  failed: [
    { check: 'cpu-saturated', confidence: 'possible' },
    { check: 'workers-busy', workers: 'wait', confidence: 'likely' },
    SLOW,
    HEALTH,
  ],
};
/** As probes do: dependencies are asked through a host. */
const judgeThroughHost = (situation: Situation) =>
  judgeSituation(
    situation,
    readingsOf(situation).map((reading) =>
      reading.target.kind === 'dependency' ? { ...reading, via: 'api-1' } : reading,
    ),
  ).verdict;

describe('a dependency that is slow as seen from a host without a core to spare', () => {
  it('is not the root where nothing else speaks of it', () => {
    expect(judgeThroughHost(HUNG)).toMatchObject({ cause: 'overload' });
  });

  it('is the root where the app names it', () => {
    const app = answer(503, { headers: { server: 'gunicorn' }, body: '{"payments": "timed out"}' });
    expect(judgeThroughHost({ ...HUNG, app, health: app })).toMatchObject({ cause: 'dependency' });
  });

  it('is the root where another dependency answered in time', () => {
    const failed = (HUNG.failed ?? []).map((item) =>
      item.check === SLOW.check ? { ...item, on: 'payments' } : item,
    );
    expect(judgeThroughHost({ ...HUNG, failed })).toMatchObject({ cause: 'dependency' });
  });

  it('is the root where the host had time', () => {
    const failed = (HUNG.failed ?? []).filter(({ check }) => check !== 'cpu-saturated');
    expect(judgeThroughHost({ ...HUNG, failed })).toMatchObject({ cause: 'dependency' });
  });
});

describe('a unit that listens and takes no connection yet', () => {
  const loading = (summary: string): Situation => ({
    ...BEHIND_HAPROXY,
    dependencies: ['payments'],
    failed: [
      { check: 'unit-starting', on: 'api-1', confidence: 'likely', summary },
      { check: 'dependency-unreachable', on: 'payments' },
      HEALTH,
    ],
  });

  it('loads without what it asks for, where that is out of reach from there', () => {
    const summary = 'shop was started 20 s ago and has not taken a connection yet: 3 connections waiting';
    const chain = judgeThroughHost(loading(summary)).chain.map(({ check }) => check);
    expect(chain.slice(0, 2)).toEqual(['dependency-unreachable', 'unit-starting']);
  });

  it('is another matter where it is only starting', () => {
    const { chain } = judgeThroughHost(loading('shop has been starting for 20 s'));
    expect(chain.map(({ check }) => check)).not.toContain('unit-starting');
  });
});

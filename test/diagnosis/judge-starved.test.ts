import { describe, expect, it } from 'vitest';
import { BEHIND_HAPROXY, HEALTH, three } from './host-cases.js';
import { answer, app503, haproxy503, judgeSituation, readingsOf, type Situation } from './situation.js';

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

  it('uses the CPU itself, for whoever cannot boot is started again', () => {
    const summary = 'shop was started 25 s ago and has not taken a connection yet: 17 connections waiting';
    const situation = loading(summary);
    const busy = { check: 'cpu-saturated', on: 'api-1', confidence: 'confirmed', workers: 'starve' } as const;
    const silent = answer(null, { failure: { rung: 'answer', kind: 'timeout', message: 'no answer' } });
    const verdict = judgeThroughHost({
      ...{ ...situation, hosts: ['api-1'], app: silent, health: silent },
      failed: [
        busy,
        { check: 'workers-busy', on: 'api-1', confidence: 'confirmed', workers: 'starve' },
        ...(situation.failed ?? []),
      ],
    });
    expect(verdict).toMatchObject({ cause: 'dependency' });
    expect(verdict.chain.map(({ check }) => check)).not.toContain('cpu-saturated');
  });

  it('is another matter where it is only starting', () => {
    const { chain } = judgeThroughHost(loading('shop has been starting for 20 s'));
    expect(chain.map(({ check }) => check)).not.toContain('unit-starting');
  });
});

describe('a host that fails late and whose workers wait for a core', () => {
  const late = { ...app503, firstByteMs: 1700 };
  const PAGES: Situation = {
    behind: 'haproxy',
    public: [late, answer(200), answer(200)],
    app: { 'api-1': answer(200), 'api-2': late },
    health: answer(200),
    members: { 'api-1': 'UP', 'api-2': 'UP' },
  };
  const QUOTA =
    'tasks wait for a core 97 % of the time; the CPU quota of api.service was used up in 5 of 5 periods';
  const starving = (on: string, summary = 'tasks wait for a core 97 % of the time') =>
    ({ check: 'cpu-saturated', on, confidence: 'likely', workers: 'starve', summary }) as const;
  const judged = (failed: NonNullable<Situation['failed']>, over: Partial<Situation> = {}) =>
    judgeSituation({ ...PAGES, ...over, failed });

  it('may fail for it where the other one has time', () => {
    const { verdict } = judged([{ ...starving('api-2'), confidence: 'confirmed' }]);
    expect(verdict).toMatchObject({ status: 'cause-found', cause: 'overload', confidence: 'possible' });
    expect(verdict.chain[0]).toMatchObject({ check: 'cpu-saturated' });
  });

  it('may fail for its quota where both wait for a core and only it has one', () => {
    const { verdict, why } = judged([starving('api-1'), starving('api-2', QUOTA)]);
    expect(verdict).toMatchObject({ cause: 'overload', confidence: 'possible' });
    expect(verdict.summary).toContain('api-2: tasks wait');
    expect(JSON.stringify(why)).not.toContain('on 2 of 2 hosts');
  });

  it.each<[string, NonNullable<Situation['failed']>, Partial<Situation>?]>([
    ['both wait', [starving('api-1'), starving('api-2')]],
    ['the other one computes', [{ ...starving('api-1'), workers: 'compute' }, starving('api-2')]],
    ['only the one that does well waits', [starving('api-1')]],
    ['nothing tells that its workers wait', [{ ...starving('api-2'), workers: 'compute' }]],
    ['it says so at once', [starving('api-2')], { app: { 'api-1': answer(200), 'api-2': app503 } }],
  ])('fails for another reason where %s', (_name, failed, over) => {
    expect(judged(failed, over).verdict).toMatchObject({ cause: null });
  });

  it('fails for what the app blames, where it does', () => {
    const { verdict } = judged([
      starving('api-2'),
      {
        ...{ check: 'app-refused-by-dependency', on: 'api-2', confidence: 'likely' },
        summary: 'Redis refuses the app: READONLY',
      },
    ]);
    expect(verdict).toMatchObject({ cause: 'dependency' });
  });
});

describe('a dependency that gave one host no answer in time, and others one', () => {
  const summary =
    'payments (payments:443) is unreachable from 1 of 2 (api-1): no answer in time from there only (tcp)';
  const from = (words: string, app: ReturnType<typeof answer>) =>
    judgeThroughHost({
      ...{ hosts: ['api-1'], behind: 'haproxy', dependencies: ['payments'], public: three(haproxy503) },
      ...{ members: { a: 'UP' }, health: answer(503, { body: '{"payments": "timed out"}' }) },
      app,
      failed: [{ check: 'dependency-unreachable', on: 'payments', summary: words }, HEALTH],
    });

  it('is proven where the app fails there', () => {
    expect(from(summary, app503)).toMatchObject({ cause: 'dependency', confidence: 'confirmed' });
  });

  it('is no more than likely where the app answers well there', () => {
    expect(from(summary, answer(200))).toMatchObject({ cause: 'dependency', confidence: 'likely' });
  });

  it('is proven where it refuses, whatever the app says', () => {
    const words = 'payments (payments:443) is unreachable from api-1: nothing listens there (tcp)';
    expect(from(words, answer(200))).toMatchObject({ cause: 'dependency', confidence: 'confirmed' });
  });
});

describe('dependencies that gave no answer in time', () => {
  const judged = (app: NonNullable<Situation['app']>, cacheSaid: string) => {
    const situation: Situation = {
      ...{ hosts: ['api-1', 'api-2'], behind: 'haproxy', dependencies: ['payments', 'cache'] },
      ...{ public: three(haproxy503), members: { a: 'DOWN', b: 'DOWN' }, app },
      health: answer(503, { body: '{"payments": "timed out"}' }),
      failed: [
        {
          ...{ check: 'dependency-unreachable', on: 'payments' },
          summary: 'payments is unreachable from 1 of 2 (api-1): no answer in time from there only (tcp)',
        },
        { check: 'dependency-slow', on: 'cache', summary: cacheSaid, byLatency: true },
        HEALTH,
      ],
    };
    const asked = readingsOf(situation).map((reading) =>
      reading.target.kind === 'dependency'
        ? { ...reading, via: reading.target.name === 'cache' ? 'api-2' : 'api-1' }
        : reading,
    );
    return judgeSituation(situation, asked).verdict;
  };
  const silent = 'cache takes the connection and gives no answer within 3.0 s, seen from 1 of 2 (api-2)';

  it('prove nothing where the app answers well though another gave us none', () => {
    const verdict = judged({ 'api-1': app503, 'api-2': answer(200) }, silent);
    expect(verdict).toMatchObject({ cause: 'dependency', confidence: 'likely' });
  });

  it.each<[why: string, app: NonNullable<Situation['app']>, cacheSaid: string]>([
    ['the app fails there, too', app503, silent],
    ['the other one is late only', { 'api-1': app503, 'api-2': answer(200) }, 'cache takes 1.2 s'],
  ])('are proven where %s', (_why, app, cacheSaid) => {
    expect(judged(app, cacheSaid).confidence).toBe('confirmed');
  });
});

import { describe, expect, it } from 'vitest';
import { changesBetween, Plan, planDigest } from '../../src/model/plan.js';
import { limitReached } from '../../src/model/remediation-limits.js';
import { NEXT_STATES, statesBefore } from '../../src/model/remediation.js';
import { plan } from '../helpers/plan.js';

describe('the states of a remediation', () => {
  it('never lead back to running: what was begun once is not begun again', () => {
    const after = (state: keyof typeof NEXT_STATES): Set<string> =>
      new Set(NEXT_STATES[state].flatMap((next) => [next, ...after(next)]));
    expect([...after('running')].toSorted()).toEqual(['failed', 'ineffective', 'unknown', 'verified']);
    expect(statesBefore('running')).toEqual(['requested', 'approved']);
  });
});

describe('a plan', () => {
  it('has the digest of what it says, in whatever order its keys are written', () => {
    const { steps, ...rest } = plan();
    expect(planDigest({ steps, ...rest })).toBe(planDigest({ ...rest, steps }));
    expect(planDigest(plan({ effect: 'Something else.' }))).not.toBe(planDigest(plan()));
  });

  it.each([
    ['a host that looks like an option', { host: '-oProxyCommand=id' }],
    ['an empty argument list', { argv: [] }],
    ['a unit that looks like an option', { expect: { unit: '--root=/tmp', properties: {} } }],
  ])('refuses %s', (_what, fields) => {
    const [step] = plan().steps;
    expect(Plan.safeParse(plan({ steps: [{ ...step, ...fields } as never] })).success).toBe(false);
  });

  it.each(['a;b', 'a b', 'a\nb', 'a/b', ''])('refuses the member %j', (member) => {
    const step = { kind: 'member', host: 'lb-1', pool: 'api', member, state: 'drain' } as const;
    expect(Plan.safeParse(plan({ steps: [step] })).success).toBe(false);
  });

  it('is of another world when something that it rests on has changed', () => {
    expect(changesBetween({ a: '1', b: '2' }, { a: '1', b: '2', c: '3' })).toEqual([]);
    expect(changesBetween({ a: '1', b: '2' }, { a: '9' })).toEqual([
      'a was 1, now 9',
      'b was 2, now unknown',
    ]);
  });
});

describe('the limits', () => {
  const now = Date.parse('2026-11-22T12:00:00Z');
  const used = (minutesAgo: number, state: 'verified' | 'ineffective' | 'failed' = 'verified') => ({
    state,
    startedAt: new Date(now - minutesAgo * 60_000).toISOString(),
  });
  const limits = { coolDownMinutes: 10, perDay: 3 };

  it('let the first one through', () => {
    expect(limitReached([], limits, now)).toBeNull();
    expect(limitReached([used(11)], limits, now)).toBeNull();
  });

  it('say when it may be begun again', () => {
    expect(limitReached([used(4), used(30)], limits, now)).toBe(
      'it was begun 4 min ago: it may be begun again in 6 min',
    );
  });

  it('hold for a day', () => {
    expect(limitReached([used(20), used(100), used(1_000)], limits, now)).toContain('3 are allowed');
  });

  it('withdraw what did not help twice, whatever the day still allows', () => {
    const inVain = [used(700, 'ineffective'), used(900, 'ineffective')];
    expect(limitReached(inVain, { coolDownMinutes: 0, perDay: 99 }, now)).toContain('did not help');
    expect(limitReached(inVain.slice(1), limits, now)).toBeNull();
  });
});

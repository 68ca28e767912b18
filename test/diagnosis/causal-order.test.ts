import { describe, expect, it } from 'vitest';
import { checks } from '../../src/checks/index.js';
import {
  CIRCUMSTANTIAL,
  HEALTH_SYMPTOMS,
  NEEDS_CONSEQUENCE,
  NOT_RUNNING,
  ONSET_UNSURE,
} from '../../src/diagnosis/check-groups.js';
import { EDGES } from '../../src/diagnosis/causal-order.js';
import { DECISIVE } from '../../src/diagnosis/ruled-out.js';
import { RUNBOOK } from '../../src/diagnosis/runbook.js';
import { toldChecks } from './situation.js';

const registered = new Set(checks.map(({ id }) => id));
const sets = [CIRCUMSTANTIAL, HEALTH_SYMPTOMS, NEEDS_CONSEQUENCE, NOT_RUNNING, ONSET_UNSURE];
const named = [
  ...EDGES.flatMap(({ from, to }) => [...from, ...to]),
  ...sets.flatMap((set) => [...set]),
  ...Object.values(DECISIVE).flat(),
  ...Object.values(RUNBOOK).flatMap((line) => [...line.checks]),
  ...toldChecks.map(({ id }) => id),
];

describe('the causal order', () => {
  it('names only checks that exist', () => {
    expect([...new Set(named)].filter((id) => !registered.has(id))).toEqual([]);
  });

  it('has a place for every check', () => {
    const placed = new Set(EDGES.flatMap(({ from, to }) => [...from, ...to]));
    const free = [
      'app-rate-limited',
      'auth-request-failing',
      'balancer-not-listening',
      'no-route-matched',
      'rate-limited',
      'request-denied',
      'wrong-upstream',
    ];
    expect([...registered].filter((id) => !placed.has(id)).toSorted()).toEqual(free);
  });

  it('has no cycle among the edges that need no condition', () => {
    const next = (id: string): string[] =>
      EDGES.filter(({ from, when }) => when === undefined && from.includes(id)).flatMap(({ to }) => to);
    const reaches = (from: string, goal: string, seen: Set<string>): boolean =>
      next(from).some((id) => {
        if (id === goal) return true;
        if (seen.has(id)) return false;
        seen.add(id);
        return reaches(id, goal, seen);
      });
    // A member flaps because its health endpoint does, and the check of either may be read first.
    expect([...registered].filter((id) => reaches(id, id, new Set()))).toEqual([]);
  });
});

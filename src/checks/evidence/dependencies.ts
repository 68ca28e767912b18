import type { DependencyAnswer } from '../../probes/dependency-answer.js';
import type { Observed, Quote } from '../define-check.js';

/** One probe for each kind; a dependency has one kind, so one of these lists is filled. */
export const DEPENDENCY_FACTS = [
  'httpDependency',
  'redisDependency',
  'postgresDependency',
  'tcpDependency',
] as const;

export type Seen = Observed<DependencyAnswer>;
type ByFact = { readonly [K in (typeof DEPENDENCY_FACTS)[number]]: readonly Seen[] };

export const allOf = (facts: ByFact): Seen[] => DEPENDENCY_FACTS.flatMap((name) => facts[name]);

/** "api-1, api-2". */
export const placesOf = (seen: readonly Seen[]): string =>
  [...new Set(seen.map(({ via }) => via))].join(', ');

/** "from all 3 places asked", "from 1 of 3 (api-2)": a single place out of several is that host's trouble. */
export const reachWords = (some: readonly Seen[], all: readonly Seen[]): string =>
  some.length === all.length
    ? `from ${placesOf(all)}`
    : `from ${String(some.length)} of ${String(all.length)} (${placesOf(some)})`;

export const quoteDependency = (seen: readonly Seen[]): Quote[] =>
  seen.slice(0, 3).map((from) => ({ from, excerpt: from.fact.lines.slice(0, 12).join('\n') }));

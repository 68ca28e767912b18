import type { Finding } from '../model/finding.js';
import type { Case } from './case.js';
import { ONSET_UNSURE } from './check-groups.js';
import { EDGES, type Edge } from './causal-order.js';
import { isExcluded } from './constraints.js';

/** R12: tolerance between two clocks and two observers: 5 s, and one check interval of a balancer. */
const SKEW_MS = 5_000;
const CHECK_INTERVAL_MS = 10_000;
export const ONSET_TOLERANCE_MS = SKEW_MS + CHECK_INTERVAL_MS;

/** For each finding those directly upstream of it. */
export type Explanations = ReadonlyMap<Finding, readonly Finding[]>;

/** Explaining away (3.3): which finding is a consequence of which; `harmless` ones have none. */
export const explain = (given: Case, harmless: ReadonlySet<Finding> = new Set()): Explanations => {
  const able = given.findings.filter((finding) => !isExcluded(given, finding) && !harmless.has(finding));
  const upstreamOf = (downstream: Finding): Finding[] =>
    able.filter((upstream) => upstream !== downstream && explains(given, upstream, downstream));
  return new Map(given.findings.map((finding) => [finding, upstreamOf(finding)]));
};

/** A weak finding explains nothing: "both p >= 0.6". */
const explains = (given: Case, upstream: Finding, downstream: Finding): boolean =>
  upstream.confidence !== 'possible' &&
  reaches(upstream, downstream) &&
  inTime(upstream, downstream) &&
  edgesBetween(upstream.check, downstream.check).some(
    ({ when }) => when === undefined || when(given, downstream, upstream),
  );

export const edgesBetween = (from: string, to: string): readonly Edge[] =>
  EDGES.filter((edge) => edge.from.includes(from) && edge.to.includes(to));

/** What is wrong on one host reaches that host and what all share, not another host. */
const reaches = ({ target: from }: Finding, { target: to }: Finding): boolean =>
  from.kind !== 'host' || to.kind !== 'host' || from.name === to.name;

/** R12: what began after its consequence is not its root. */
const inTime = (upstream: Finding, downstream: Finding): boolean => {
  if (upstream.since === undefined || downstream.since === undefined) return true;
  if (ONSET_UNSURE.has(upstream.check)) return true;
  return Date.parse(upstream.since) <= Date.parse(downstream.since) + ONSET_TOLERANCE_MS;
};

/** All that follows from these, through any number of steps. */
export const consequencesOf = (roots: readonly Finding[], explanations: Explanations): Set<Finding> => {
  const reached = new Set<Finding>(roots);
  let grown = true;
  while (grown) {
    const next = [...explanations].filter(
      ([finding, upstream]) => !reached.has(finding) && upstream.some((item) => reached.has(item)),
    );
    for (const [finding] of next) reached.add(finding);
    grown = next.length > 0;
  }
  for (const root of roots) reached.delete(root);
  return reached;
};

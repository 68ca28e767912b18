import type { HostReach, Unknown } from '../model/verdict.js';
import type { Evaluation, Gap } from './evaluate.js';

/** What could not be judged and why: one entry for each place and reason, whatever number of checks it silenced. */
export const unknownsOf = (evaluations: readonly Evaluation[], hosts: readonly HostReach[]): Unknown[] => {
  const entries = new Map<string, Unknown & { checks: Set<string> }>();
  for (const { check, target, gaps, outcome } of evaluations) {
    if (outcome.status === 'skipped') continue;
    const given = gaps.length > 0 || outcome.status !== 'unknown' ? gaps : [notRead(target)];
    for (const { target: place, reason } of given.map((gap) => atLostHost(gap, hosts))) {
      const key = `${place.kind}/${place.name}/${reason}`;
      const entry = entries.get(key) ?? { check, target: place, reason, checks: new Set<string>() };
      entry.checks.add(check);
      entries.set(key, entry);
    }
  }
  return [...entries.values()].map(({ check, target, reason, checks }) => ({
    check,
    target,
    reason: checks.size > 1 ? `${reason} (and ${checks.size - 1} more checks)` : reason,
  }));
};

const notRead = (target: Gap['target']): Gap => ({ target, via: null, reason: 'not read' });

/** A lost host is one unknown, not one for each thing that would have been asked through it. */
const atLostHost = (gap: Gap, hosts: readonly HostReach[]): Gap => {
  const lost = hosts.find(
    ({ name, reached }) =>
      !reached && (name === gap.via || (gap.target.kind === 'host' && name === gap.target.name)),
  );
  if (lost === undefined) return gap;
  return { ...gap, target: { kind: 'host', name: lost.name }, reason: lost.reason ?? 'not reached' };
};

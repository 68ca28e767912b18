import type { HostReach, Unknown } from '../model/verdict.js';
import type { Evaluation, Gap } from './evaluate.js';

/** What silenced a check at one place: with the lost host itself where the place was to be asked through one. */
export type Silence = {
  readonly check: string;
  readonly target: Gap['target'];
  readonly via: string | null;
  readonly reason: string;
  readonly source?: string;
};

export const silences = (evaluations: readonly Evaluation[], hosts: readonly HostReach[]): Silence[] =>
  evaluations.flatMap(({ check, target, gaps, outcome }) => {
    if (outcome.status === 'skipped') return [];
    const given = gaps.length > 0 || outcome.status !== 'unknown' ? gaps : [notRead(target)];
    return given.map((gap) => ({ check, ...atLostHost(gap, hosts) }));
  });

/** What could not be judged and why: one entry for each place and reason, whatever number of checks it silenced. */
export const unknownsOf = (evaluations: readonly Evaluation[], hosts: readonly HostReach[]): Unknown[] => {
  const entries = new Map<string, Unknown & { checks: Set<string> }>();
  for (const { check, target, reason } of silences(evaluations, hosts)) {
    const key = `${target.kind}/${target.name}/${reason}`;
    const entry = entries.get(key) ?? { check, target, reason, checks: new Set<string>() };
    entry.checks.add(check);
    entries.set(key, entry);
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
  return { target: { kind: 'host', name: lost.name }, via: gap.via, reason: lost.reason ?? 'not reached' };
};

import type { Unknown } from '../model/verdict.js';
import type { Evaluation } from './evaluate.js';

/** What could not be judged and why: one entry for each place and reason, whatever number of checks it silenced. */
export const unknownsOf = (evaluations: readonly Evaluation[]): Unknown[] => {
  const entries = new Map<string, Unknown & { checks: Set<string> }>();
  for (const { check, target, gaps, outcome } of evaluations) {
    if (outcome.status === 'skipped') continue;
    const reasons = gaps.length > 0 || outcome.status !== 'unknown' ? gaps : [{ target, reason: 'not read' }];
    for (const gap of reasons) {
      const key = `${gap.target.kind}/${gap.target.name}/${gap.reason}`;
      const entry = entries.get(key) ?? { check, ...gap, checks: new Set<string>() };
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

import type { Finding } from '../model/finding.js';

/** The same failing state on several hosts is one thing to a reader; of two dependencies it is two. */
export const byCheck = (findings: Iterable<Finding>): Finding[][] => {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const { check, target } = finding;
    const key = target.kind === 'host' ? check : `${check}/${target.name}`;
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()];
};

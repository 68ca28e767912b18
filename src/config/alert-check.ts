import type { Problem } from './explain-issue.js';
import type { InventoryFile } from './inventory-schema.js';

/** The first service that fits gets the alert: one that asks for the same labels as one before it never would. */
export function alertProblems(services: InventoryFile['services']): Problem[] {
  const first = new Map<string, string>();
  return Object.entries(services).flatMap(([name, { alerts }]) => {
    if (alerts === undefined) return [];
    const several = Array.isArray(alerts.match);
    return [alerts.match].flat().flatMap((matcher, index) => {
      const key = JSON.stringify(Object.entries(matcher).toSorted(([a], [b]) => (a < b ? -1 : 1)));
      const before = first.get(key);
      first.set(key, before ?? name);
      if (before === undefined) return [];
      const path = ['services', name, 'alerts', 'match', ...(several ? [index] : [])];
      const whose = before === name ? 'an entry above' : before;
      return [{ path, message: `asks for the same labels as ${whose}, which gets them; make one narrower` }];
    });
  });
}

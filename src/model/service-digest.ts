import { digestOf } from './digest.js';
import type { HostAccess, Inventory, Role, Service } from './service.js';

/** Of the inventory besides the service's own entry: which machines its hosts are, and who its roles are. */
export type Around = {
  hosts?: ReadonlyMap<string, HostAccess>;
  roles?: ReadonlyMap<string, Role> | undefined;
};

export const aroundOf = ({ hosts, roles }: Inventory): Around => ({ hosts, roles });

/** What a plan is bound to: whoever edits one of it between verdict and press gets a refusal. */
export const serviceDigest = (service: Service, around: Around = {}): string =>
  digestOf({ service, hosts: accessOf(service, around), roles: rolesOf(service, around) });

/** Its hosts, its balancer's, and what they are reached through. */
function accessOf({ hosts, balancer }: Service, around: Around): Record<string, HostAccess> {
  const found = new Map<string, HostAccess>();
  const waiting = [...hosts, balancer?.host];
  for (let name = waiting.pop(); waiting.length > 0 || name !== undefined; name = waiting.pop()) {
    const access = name === undefined || found.has(name) ? undefined : around.hosts?.get(name);
    if (name === undefined || access === undefined) continue;
    found.set(name, access);
    waiting.push(access.jump);
  }
  return Object.fromEntries(found);
}

function rolesOf({ remediations }: Service, { roles }: Around): Record<string, Role> {
  const named = Object.values(remediations).flatMap(({ allow, approve = [] }) => [...allow, ...approve]);
  const entries = named.flatMap((name) => {
    const role = roles?.get(name);
    return role === undefined ? [] : [[name, role] as const];
  });
  return Object.fromEntries(entries);
}

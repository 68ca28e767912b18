import type { Service } from './service.js';
import type { Target } from './target.js';

/** A finished verdict: of which service, and what it names as the root. */
export type NamedRoot = { service: string; root: Target | null };
export type SharedRoot = { name: string; count: number; of: number };

/** So many of the verdicts must name it before it is said. */
const SHARE = 2 / 3;
const AT_LEAST = 3;

/**
 * The dependency or database that most verdicts of a storm name as the root. Two services mean the same one when its
 * address is the same: what each calls it is its own business.
 */
export function sharedRoot(
  verdicts: readonly NamedRoot[],
  services: ReadonlyMap<string, Service>,
): SharedRoot | null {
  const counts = new Map<string, { name: string; count: number }>();
  for (const { service, root } of verdicts) {
    const at = root?.kind === 'dependency' ? placeOf(services.get(service), root.name) : null;
    if (at === null) continue;
    counts.set(at.address, { name: at.name, count: (counts.get(at.address)?.count ?? 0) + 1 });
  }
  const [best] = [...counts.values()].toSorted((a, b) => b.count - a.count);
  if (best === undefined || best.count < AT_LEAST || best.count < verdicts.length * SHARE) return null;
  return { ...best, of: verdicts.length };
}

/** Where it is, and what people call the machine. Never more of its URL: that may hold a password. */
function placeOf(service: Service | undefined, dependency: string): { address: string; name: string } | null {
  if (dependency === 'database' && service?.database !== undefined) return ofUrl(service.database.url);
  const declared = service?.dependencies.find(({ name }) => name === dependency);
  if (declared === undefined) return null;
  if (declared.kind === 'tcp') return { address: `${declared.host}:${declared.port}`, name: declared.host };
  return ofUrl(declared.url);
}

function ofUrl(text: string): { address: string; name: string } | null {
  if (!URL.canParse(text)) return null;
  const { protocol, hostname, port } = new URL(text);
  return hostname === '' ? null : { address: `${hostname}:${port || protocol}`, name: hostname };
}

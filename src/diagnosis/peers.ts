import type { PeerDifference, Peers } from '../model/explanation.js';
import { badHosts, goodHosts, type Case } from './case.js';
import { factOn, type Observations } from './observe.js';
import { TRAITS, type HostFacts, type Trait } from './peer-traits.js';

type Told = NonNullable<ReturnType<Trait['of']>>;

/**
 * R11: where some hosts are sick and others healthy, in what a sick one differs. It supports a root on that host and is
 * never a verdict of its own. Empty where all hosts fare alike.
 */
export const peersOf = (given: Case, seen: Observations, now: string): Peers[] => {
  const bad = badHosts(given);
  const good = goodHosts(given);
  if (good.length === 0) return [];
  const factsOf = (host: string): HostFacts => ({
    service: given.service,
    now,
    clockOffsetMs: seen.clockOffset(host),
    fact: (name) => factOn(seen, name, host),
  });
  const healthy = good.map(factsOf);
  return given.service.hosts
    .filter((host) => bad.has(host))
    .map((host) => ({ host, comparedWith: [...good], ...compare(factsOf(host), healthy) }));
};

const compare = (sick: HostFacts, healthy: readonly HostFacts[]): Pick<Peers, 'differs' | 'same'> => {
  const differs: PeerDifference[] = [];
  const same: string[] = [];
  for (const trait of TRAITS) {
    const here = trait.of(sick);
    const others = healthy.flatMap((facts) => trait.of(facts) ?? []);
    // Where healthy hosts are not alike either, to differ means nothing.
    if (here === undefined || others.length === 0 || !areAlike(others, trait)) continue;
    if (others.every((other) => isUnlike(trait, here, other))) {
      differs.push({ in: trait.name, here: here.words, peers: wordsOf(others) });
    } else same.push(trait.name);
  }
  return { differs, same };
};

const isUnlike = ({ unlike }: Trait, here: Told, other: Told): boolean =>
  unlike === undefined || here.amount === undefined || other.amount === undefined
    ? here.words !== other.words
    : unlike(here.amount, other.amount);

/** Amounts may spread: it is their distance from the sick host that counts. */
const areAlike = (others: readonly Told[], { unlike }: Trait): boolean =>
  unlike !== undefined ||
  others.length === 1 ||
  new Set(others.map(({ words }) => words)).size < others.length;

/** "9 days ago", "41 % used to 52 % used", "v41 or v42". */
const wordsOf = (others: readonly Told[]): string => {
  const byAmount = others.toSorted((a, b) => (a.amount ?? 0) - (b.amount ?? 0)).map(({ words }) => words);
  const unique = [...new Set(byAmount)];
  const [first = '', last = ''] = [unique[0], unique.at(-1)];
  const isRange = others.every(({ amount }) => amount !== undefined);
  if (unique.length === 1) return first;
  return isRange ? `${first} to ${last}` : unique.toSorted().join(' or ');
};

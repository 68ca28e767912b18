import type { NotLookedAt } from '../model/explanation.js';
import type { Case } from './case.js';
import { silences, type Silence } from './unknowns.js';

/** What could not be read, once for each right that is missing; what silences most checks first. */
export const notLookedAt = (given: Case): NotLookedAt[] => {
  const groups = new Map<string, Silence[]>();
  for (const silence of silences(given.evaluations, given.hosts)) {
    const { what, allow } = wordsOf(silence);
    const key = `${allow ?? ''} ${what}`;
    groups.set(key, [...(groups.get(key) ?? []), silence]);
  }
  return [...groups.values()]
    .toSorted((a, b) => checksOf(b) - checksOf(a))
    .flatMap((silent) => {
      const [first] = silent;
      if (first === undefined) return [];
      const { what, allow } = wordsOf(first);
      return [{ what: `${placesOf(silent, given)}${what}${triedOf(silent)}`, allow }];
    });
};

const checksOf = (silent: readonly Silence[]): number => new Set(silent.map(({ check }) => check)).size;

/** " (journalctl -u 'api.service' -n 200, df -Pkl and 3 more)"; only where the reason does not say what was tried. */
const triedOf = (silent: readonly Silence[]): string => {
  const tried = [...new Set(silent.flatMap(({ source }) => source ?? []))];
  const more = tried.length - NAMED;
  if (tried.length === 0) return '';
  return ` (${tried.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''})`;
};
const NAMED = 2;

const placeOf = ({ target, via }: Silence, silent: readonly Silence[]): string => {
  if (target.kind === 'host' || via === null || via === 'worker') return target.name;
  const from = silent.flatMap((other) => (other.target.name === target.name ? (other.via ?? []) : []));
  return `${target.name} from ${[...new Set(from)].join(', ')}`;
};

/** "api-1, api-2: "; of a service with one host its name goes without saying. */
const placesOf = (silent: readonly Silence[], { service: { hosts, name } }: Case): string => {
  const places = [...new Set(silent.map((one) => placeOf(one, silent)))].filter(
    (place) => place !== name && !(hosts.length === 1 && place === hosts[0]),
  );
  if (places.length === 0) return '';
  const isAll = places.length === hosts.length && places.every((place) => hosts.includes(place));
  if (!isAll) return `${places.join(', ')}: `;
  return places.length === 2 ? 'both hosts: ' : `all ${places.length} hosts: `;
};

/** A reason is written as "what was tried; `the command` would allow it". */
const wordsOf = ({ reason, target, via }: Silence): NotLookedAt => {
  const parts = reason.split('; ');
  const remedy = parts.slice(1).join('; ');
  const command = /`(\S+[ =][^`]*)`/.exec(remedy)?.[1] ?? lineOfInventory(remedy);
  const what = command === null ? reason : (parts[0] ?? reason);
  const names = [target.name, via].filter((name) => name !== null);
  return { what: names.reduce(withoutName, what), allow: command };
};

const lineOfInventory = (remedy: string): string | null => {
  const [, key, service] = /name it as `(\w+)` in the inventory of (\S+)/.exec(remedy) ?? [];
  return key === undefined || service === undefined ? null : `${key}: NAME in the inventory of ${service}`;
};

/** The place is said in front, once for several of them. */
const withoutName = (text: string, name: string): string =>
  text.startsWith(`${name}: `) ? text.slice(name.length + 2) : text.replace(` on ${name} `, () => ' ');

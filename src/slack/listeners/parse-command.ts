import { distance } from 'fastest-levenshtein';

export type Command =
  | { kind: 'pick' }
  | { kind: 'help' }
  | { kind: 'list' }
  | { kind: 'status'; service: string }
  | { kind: 'diagnose'; service: string }
  | { kind: 'unknown'; typed: string; nearest: string[] };

/** Slack sends up to some 4,000 characters; no name of a service is longer than 63. */
const MAX_TYPED = 80;
const MAX_NEAREST = 3;

/** What `/diag503 TEXT` asks for. Total: any text gives a command, and text only ever selects a name that exists. */
export function parseCommand(text: string, names: readonly string[]): Command {
  const words = text.slice(0, 4000).split(/\s+/).filter(Boolean);
  const first = asciiLower(words[0] ?? '');
  const second = asciiLower(words[1] ?? '');
  if (words.length === 0) return { kind: 'pick' };
  if (words.length === 1 && (first === 'help' || first === 'list')) return { kind: first };
  if (words.length <= 2 && first === 'status') return known('status', second, names);
  if (words.length === 1) return known('diagnose', first, names);
  return unknown(text.trim(), names);
}

const known = (kind: 'status' | 'diagnose', service: string, names: readonly string[]): Command =>
  names.includes(service) ? { kind, service } : unknown(service, names);

function unknown(typed: string, names: readonly string[]): Command {
  const shown = typed.slice(0, MAX_TYPED);
  return { kind: 'unknown', typed: shown, nearest: nearestNames(shown.split(/\s+/)[0] ?? '', names) };
}

/** At most three, and none that shares too little with what was typed. */
function nearestNames(typed: string, names: readonly string[]): string[] {
  if (typed === '') return [];
  const allowed = Math.max(2, Math.floor(typed.length * 0.4));
  return names
    .map((name) => ({ name, far: name.startsWith(typed) ? 0 : distance(typed, name) }))
    .filter(({ far }) => far <= allowed)
    .toSorted((a, b) => a.far - b.far || a.name.localeCompare(b.name))
    .slice(0, MAX_NEAREST)
    .map(({ name }) => name);
}

/** Phones begin with a capital. Only ASCII: no look-alike letter may become a name. */
const asciiLower = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

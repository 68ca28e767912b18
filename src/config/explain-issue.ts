import type { z } from 'zod';
import { describeKey, knownKeys } from './known-keys.js';
import { didYouMean, nearest } from './nearest.js';
import type { Path, SourceLines } from './source-lines.js';

export type Problem = {
  path: Path;
  message: string;
  /** The key that an unknown one was probably meant to be. */
  meant?: Path;
};
type Issue = z.core.$ZodIssue;

/** Says in the words of the file what zod found: where, what was expected, what came, what was probably meant. */
export function explainIssue(issue: Issue, source: SourceLines): Problem[] {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(issue.path, key, source));
    case 'invalid_union':
      return explainUnion(issue, source);
    case 'invalid_key':
      return [{ path: issue.path, message: issue.issues[0]?.message ?? issue.message }];
    default:
      return [{ path: issue.path, message: explainValue(issue, source.written(issue.path)) }];
  }
}

function unknownKey(path: Path, key: string, source: SourceLines): Problem {
  const known = knownKeys(path, source.written([...path, 'kind']));
  const [meant] = nearest(key, known, 1);
  if (meant === undefined)
    return { path: [...path, key], message: `unknown key; known here: ${known.join(', ')}` };
  return { path: [...path, key], message: `unknown key; did you mean "${meant}"?`, meant: [...path, meant] };
}

function explainUnion(issue: Extract<Issue, { code: 'invalid_union' }>, source: SourceLines): Problem[] {
  const written = source.written(issue.path);
  const { options } = issue as { options?: unknown }; // zod 4.6 sends it with discriminated unions, its types do not say so
  if (Array.isArray(options)) return [{ path: issue.path, message: choice(options.map(String), written) }];
  const known = knownKeys(issue.path);
  if (known.length === 0) return explainNearest(issue, source);
  const unknown = new Set(
    issue.errors.flat().flatMap((inner) => (inner.code === 'unrecognized_keys' ? inner.keys : [])),
  );
  const foreign = [...unknown].filter((key) => !known.includes(key));
  if (foreign.length > 0) return foreign.map((key) => unknownKey(issue.path, key, source));
  const wanted = `expected a map with exactly one of ${known.join(', ')}`;
  return [{ path: issue.path, message: written === undefined ? wanted : `${wanted}; got ${show(written)}` }];
}

/** A value or a list of such: what is wrong with the one that was meant is what got furthest. */
function explainNearest(
  { errors, path }: Extract<Issue, { code: 'invalid_union' }>,
  source: SourceLines,
): Problem[] {
  const depth = (issues: readonly Issue[]) => Math.max(0, ...issues.map((inner) => inner.path.length));
  const isType = (issues: readonly Issue[]) =>
    issues.some((inner) => inner.code === 'invalid_type' && inner.path.length === 0);
  const [meant = []] = errors.toSorted(
    (a, b) => Number(isType(a)) - Number(isType(b)) || depth(b) - depth(a),
  );
  return meant.flatMap((inner) => explainIssue({ ...inner, path: [...path, ...inner.path] }, source));
}

function explainValue(issue: Exclude<Issue, { code: 'invalid_union' }>, written: unknown): string {
  if (written === undefined) return `missing; ${describeKey(issue.path) ?? issue.message}`;
  if (written === null)
    return isChannel(issue.path) ? EMPTY_CHANNEL : `empty; ${describeKey(issue.path) ?? 'give it a value'}`;
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${TYPES[issue.expected] ?? issue.expected}; got ${show(written)}`;
    case 'invalid_value':
      return choice(issue.values.map(String), written);
    case 'too_small':
      return `must ${amount(issue.origin, 'at least', issue.minimum)}; got ${show(written)}`;
    case 'too_big':
      return `must ${amount(issue.origin, 'at most', issue.maximum)}; got ${show(written)}`;
    case 'invalid_format':
      return `${issue.message}; got ${show(written)}`;
    default:
      return issue.message;
  }
}

/** The commonest trap of YAML here: an unquoted # begins a comment. */
const EMPTY_CHANNEL = 'empty; a name with # needs quotes: "#ops-api"';
const isChannel = (path: Path): boolean => path.at(-1) === 'channel';

const TYPES: Record<string, string> = {
  string: 'text',
  array: 'a list such as [a, b]',
  object: 'a map (key: value)',
  record: 'a map (key: value)',
  number: 'a number',
  int: 'a whole number',
};

const amount = (origin: string, bound: string, limit: number | bigint): string => {
  if (origin === 'array') return `have ${bound} ${limit} ${limit === 1 ? 'entry' : 'entries'}`;
  return origin === 'string' ? `have ${bound} ${limit} characters` : `be ${bound} ${limit}`;
};

const choice = (options: readonly string[], written: unknown): string => {
  const wanted = `must be ${options.length > 1 ? 'one of ' : ''}${options.join(', ')}`;
  if (written === undefined) return `missing; ${wanted}`;
  const hint = typeof written === 'string' ? didYouMean(written, options) : '';
  return `${wanted}; got ${show(written)}${hint && `;${hint}`}`;
};

const MAX_SHOWN = 60;

/** What the file says, not what a variable held: an error message must not tell a secret. */
function show(written: unknown): string {
  if (typeof written === 'string') {
    const text = written.replace(/:\/\/[^/\s]*@/, '://…@');
    return JSON.stringify(text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text);
  }
  if (Array.isArray(written)) return 'a list';
  if (written === null) return 'nothing';
  if (typeof written === 'object') return `a map with ${Object.keys(written).join(', ') || 'no keys'}`;
  return `${JSON.stringify(written)} (a ${typeof written})`;
}

import type { Service } from '../model/service.js';
import { REDACT_RULES, type RedactRule } from './redact-rules.js';

export type Redactor = {
  text: (text: string) => string;
  /** Every string of a JSON value, in order: a key may be spread over many journal entries. */
  deep: (value: unknown) => unknown;
};

/** Nobody reads on beyond it, and it bounds what a pattern can cost. */
const MAX_LINE = 4096;
/** Nothing shorter is a secret that could be told from a word. */
const SHORTEST = 4;
/** A secret that begins before the cut must be seen whole. */
const LOOK_AHEAD = 1024;

/** `secrets`: values that this process holds itself and that must never be seen, whatever stands around them. */
export const createRedactor = (secrets: readonly string[] = []): Redactor => {
  const exact = exactValues(secrets);
  const withState = () => {
    const inKey: KeyState = { open: false, between: 0 };
    const line = (text: string): string => redactLine(text, exact, inKey);
    const text = (value: string): string =>
      value.length < SHORTEST ? value : value.split('\n').map(line).join('\n');
    const deep = (value: unknown): unknown => {
      if (typeof value === 'string') return text(value);
      if (Array.isArray(value)) return value.map(deep);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, field(key, item)]));
    };
    const field = (key: string, value: unknown): unknown =>
      typeof value === 'string' && value !== '' && SECRET_FIELD.test(key) ? '[redacted:field]' : deep(value);
    return { text, deep };
  };
  return { text: (value) => withState().text(value), deep: (value) => withState().deep(value) };
};

/** Passwords in the URLs of the inventory, and what else in them looks made by a machine: a token as user or in the query. */
export const secretsOf = (service: Service): string[] => {
  const urls = [
    service.database?.url,
    service.url,
    service.health,
    service.balancer?.statsUrl,
    ...service.dependencies.map((dependency) => (dependency.kind === 'tcp' ? undefined : dependency.url)),
  ];
  return urls.flatMap((url) => {
    if (url === undefined) return [];
    const { username, password, searchParams } = new URL(url);
    const tokens = [decode(username), ...searchParams.values()].filter(looksRandom);
    return [...(password === '' ? [] : [password, decode(password)]), ...tokens];
  });
};

/** Names of files, hosts and programs are left alone: those have joints, or letters of one case. */
const looksRandom = (text: string): boolean =>
  text.length >= 16 &&
  /\d/.test(text) &&
  /[A-Za-z]/.test(text) &&
  (/^[A-Za-z0-9]+$/.test(text) || (/^[\w+=-]+$/.test(text) && /[A-Z]/.test(text) && /[a-z]/.test(text)));

const SECRET_FIELD =
  /^(?:password|passwd|passphrase|secret|authorization|proxy-authorization|cookie|set-cookie|api[-_]?key|access[-_]?token|client[-_]?secret|private[-_]?key|x-[a-z-]*(?:token|api-key|secret|auth))$/i;

/**
 * A password like `postgres` or `app` is also a word of every log line and of the facts themselves: replacing it
 * everywhere would destroy the evidence. Such words are left to the patterns, which know where passwords stand.
 */
const exactValues = (secrets: readonly string[]): string[] => {
  const telling = (secret: string): boolean =>
    secret.length >= 12 || (secret.length >= 6 && !/^(?:[a-z]+|[A-Z]?[a-z]+|\d+)$/.test(secret));
  const encoded = secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]);
  return [...new Set(encoded)].filter(telling).toSorted((a, b) => b.length - a.length);
};

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone % sign stands for itself
  }
};

const redactLine = (line: string, exact: readonly string[], inKey: KeyState): string => {
  if (line.length < SHORTEST && !inKey.open) return line;
  const head = line.length > MAX_LINE + LOOK_AHEAD ? line.slice(0, MAX_LINE + LOOK_AHEAD) : line;
  const known = exact.reduce((text, secret) => text.replaceAll(secret, '[redacted:known]'), head);
  const keyless = redactPrivateKey(known, inKey);
  const lower = keyless.toLowerCase();
  const clean = REDACT_RULES.reduce(
    (text, rule) => (rule.hints.some((hint) => lower.includes(hint)) ? applyRule(text, rule) : text),
    keyless,
  );
  if (line.length <= MAX_LINE) return clean;
  return `${clean.slice(0, MAX_LINE)}… [cut: ${line.length - MAX_LINE} more]`;
};

const applyRule = (text: string, { type, pattern }: RedactRule): string =>
  text.replace(pattern, (...match: unknown[]) => {
    const whole = String(match[0]);
    const groups = namedGroups(match.at(-1));
    const secret = groups?.['secret'] ?? groups?.['q1'] ?? groups?.['q2'] ?? (groups ? undefined : whole);
    if (secret === undefined || secret === '' || secret.includes('[redacted:')) return whole;
    const at = whole.lastIndexOf(secret);
    return `${whole.slice(0, at)}[redacted:${type}]${whole.slice(at + secret.length)}`;
  });

const namedGroups = (last: unknown): Record<string, string | undefined> | undefined =>
  typeof last === 'object' && last !== null ? (last as Record<string, string | undefined>) : undefined;

type KeyState = { open: boolean; between: number };

const BEGIN = /-----BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----/;
const END = /-----END (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----/;
/** A header or body line of a key, behind whatever a log puts in front of it. */
const KEY_BODY =
  /(?:Proc-Type|DEK-Info|Version|Comment): .*$|(?<![A-Za-z0-9+/])(?:[A-Za-z0-9+/]{16,}={0,2}|[A-Za-z0-9+/]+={1,2})\s*$|^[A-Za-z0-9+/]+\s*$/;
/** Between two lines of a key stand the other fields of its log entries: times, units, process ids. */
const MAX_STRINGS_BETWEEN = 12;

/** A key goes from BEGIN to END, over as many lines or log entries as that takes. */
const redactPrivateKey = (line: string, inKey: KeyState): string => {
  const wasOpen = inKey.open;
  const begin = wasOpen ? 0 : line.search(BEGIN);
  if (begin < 0) return line;
  const end = END.exec(line);
  if (end) {
    inKey.open = false;
    return `${line.slice(0, begin)}[redacted:private-key]${line.slice(end.index + end[0].length)}`;
  }
  if (!wasOpen) {
    inKey.open = true;
    inKey.between = 0;
    return `${line.slice(0, begin)}[redacted:private-key]`;
  }
  const isBody = KEY_BODY.test(line);
  inKey.between = isBody ? 0 : inKey.between + 1;
  inKey.open = inKey.between <= MAX_STRINGS_BETWEEN;
  return isBody ? line.replace(KEY_BODY, '[redacted:private-key]') : line;
};

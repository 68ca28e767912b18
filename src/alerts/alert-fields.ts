import type { Alert } from '../model/alert.js';
import { plainText } from './plain-text.js';
import { digestOf } from './proof.js';

const MAX_TITLE = 300;
const MAX_FINGERPRINT = 200;
const MAX_LABELS = 64;
const MAX_LABEL_NAME = 200;
const MAX_LABEL_VALUE = 1_000;
const MAX_LINK = 2_000;

/** An alert before its texts are made harmless and cut to size. */
export type Draft = Omit<Alert, 'labels' | 'endsAt' | 'link'> & {
  labels: Iterable<readonly [name: string, value: string]>;
  endsAt?: string | null;
  link?: string | null | undefined;
};

/** What all sources have in common: whatever an outsider wrote ends here as harmless text of bounded length. */
export function toAlert(draft: Draft): Alert {
  const labels = [...draft.labels]
    .map(([name, value]) => [plainText(name, MAX_LABEL_NAME), plainText(value, MAX_LABEL_VALUE)] as const)
    .filter(([name]) => name !== '' && name !== '__proto__')
    .slice(0, MAX_LABELS);
  return {
    ...draft,
    fingerprint: fingerprintOf(draft.fingerprint),
    title: plainText(draft.title, MAX_TITLE) || 'alert without a title',
    labels: Object.fromEntries(labels),
    endsAt: draft.status === 'resolved' ? (draft.endsAt ?? null) : null,
    link: linkOf(draft.link),
  };
}

/** Cutting could make two of them one. */
const fingerprintOf = (text: string): string =>
  text.length <= MAX_FINGERPRINT && plainText(text, MAX_FINGERPRINT) === text && text !== ''
    ? text
    : digestOf(text);

/** Only what a browser opens as a page: a click on anything else could run it. */
function linkOf(link: string | null | undefined): string | null {
  if (typeof link !== 'string' || link.length > MAX_LINK || !URL.canParse(link)) return null;
  const { protocol, href, username, password } = new URL(link);
  const isPage = ['http:', 'https:'].includes(protocol) && username === '' && password === '';
  return isPage && href.length <= MAX_LINK ? href : null;
}

const OLDEST = Date.parse('2000-01-01T00:00:00Z');
const NEWEST = Date.parse('2100-01-01T00:00:00Z');

/** A time as our model writes it; null where it is none, or the "never" that Go programs write as the year 1. */
export function timeOf(text: string | number | null | undefined): string | null {
  const at = typeof text === 'number' ? text : Date.parse(text ?? '');
  return at >= OLDEST && at <= NEWEST ? new Date(at).toISOString() : null;
}

export const nowOf = (world: { now(): number }): string => new Date(world.now()).toISOString();

const GRAVE =
  /^(?:critical|crit|emergency|emerg|alert|fatal|page|disaster|high|error|err|p[12]|sev-?[012])$/i;
const MILD = /^(?:info|informational|information|none|notice|low|debug|p[45]|sev-?[45])$/i;

/** The words in which alerts say how bad it is, in ours; what nobody says is a warning. */
export function severityOf(word: string | null | undefined): Alert['severity'] {
  const said = (word ?? '').trim().slice(0, 20);
  if (GRAVE.test(said)) return 'critical';
  return MILD.test(said) ? 'info' : 'warning';
}

import type { UnitJournal } from '../../probes/unit-journal.js';
import type { Observed, Outcome, Quote } from '../define-check.js';
import { byManager } from '../host/last-run.js';
import { quoteDependency, type Seen } from './dependencies.js';
import { FRESH_SECONDS } from './journal.js';
import { secondsBetween } from './time.js';

/** Lines of one complaint, as of a stack trace. Ours. */
const SAME_COMPLAINT_SECONDS = 0.1;

type Trouble = {
  /** What is seen here, which alone may be as it always was; null where it is not seen. */
  readonly here: (seen: Seen) => string | null;
  /** What clients say of it. */
  readonly said: RegExp;
  readonly summary: (name: string, here: string) => string;
};

const TROUBLES: readonly Trouble[] = [
  {
    // An issuer that the worker does not know may be a house's own, and all is well.
    here: ({ fact }) => {
      const problem = fact.details['certificateProblem'];
      return typeof problem === 'string' ? problem : null;
    },
    // OpenSSL as Python, PHP and Ruby pass it on, Node, Go and the JVM; not Go's server on its own clients.
    said: /^(?!.*TLS handshake error from).*(?:certificate verify failed|unable to (?:verify the first certificate|get (?:local )?issuer certificate)|UNABLE_TO_VERIFY_LEAF_SIGNATURE|self[- ]signed certificate|x509: certificate signed by unknown authority|PKIX path building failed)/is,
    summary: (name, here) =>
      `the app does not trust a certificate, and that of ${name} is not trusted here either: ${here}`,
  },
  {
    // Asked without credentials, it may always answer so.
    here: ({ fact }) => {
      const status = fact.details['status'];
      return status === 401 || status === 403 ? String(status) : null;
    },
    // urllib, requests, Net::HTTP, axios, got, PHP; never in an access log's form.
    said: /HTTP Error 40[13]: |\b40[13] Client Error: |Net::HTTP(?:Client|Server)Exception[^\n]{0,40}40[13] "|Request failed with status code 40[13]\b|Response code 40[13] \(|HTTP request failed! HTTP\/1\.[01] 40[13]\b/,
    summary: (name, here) => `a service refuses the app, and ${name} answers ${here} here, too`,
  },
];

/**
 * Neither is proof alone. Where both see it, and it is seen of one dependency only, that one is meant. A log that has gone on
 * to something else, and names nobody, may speak of what no request needs.
 */
export function seenByBoth(
  seen: readonly Seen[],
  journals: readonly Observed<UnitJournal>[],
  now: string,
): Outcome | null {
  for (const trouble of TROUBLES) {
    const places = seen.flatMap((from) => {
      const here = trouble.here(from);
      return here === null ? [] : [{ from, here }];
    });
    const [first] = places;
    const names = new Set(places.map(({ from }) => from.target.name));
    const said = journals.flatMap((from) => complaintIn(from, trouble, now) ?? []);
    if (first === undefined || names.size > 1 || said.length === 0) continue;
    const { name } = first.from.target;
    const isMeant = said.some(({ isLast, quote }) => isLast || quote.excerpt.includes(name));
    return {
      status: 'failed',
      confidence: isMeant ? 'likely' : 'possible',
      summary: trouble.summary(name, first.here),
      evidence: [...said.slice(0, 3).map(({ quote }) => quote), ...quoteDependency([first.from])],
    };
  }
  return null;
}

/** `isLast`: the app has complained of nothing else since. */
function complaintIn(
  from: Observed<UnitJournal>,
  { said }: Trouble,
  now: string,
): { quote: Quote; isLast: boolean } | null {
  const lines = from.fact.lines.filter((line) => !byManager(line));
  const place = lines.findLastIndex(
    ({ at, message }) => said.test(message) && secondsBetween(at, now) <= FRESH_SECONDS,
  );
  const line = lines[place];
  if (line === undefined) return null;
  const isLast = lines
    .slice(place + 1)
    .every(({ at }) => secondsBetween(line.at, at) <= SAME_COMPLAINT_SECONDS);
  return { quote: { from, excerpt: line.line }, isLast };
}

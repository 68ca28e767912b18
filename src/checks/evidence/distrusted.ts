import type { UnitJournal } from '../../probes/unit-journal.js';
import type { Observed, Outcome } from '../define-check.js';
import { quoteDependency, type Seen } from './dependencies.js';
import { secondsBetween } from './time.js';

/** What the app said longer ago may be over. */
const FRESH_SECONDS = 60;

/** OpenSSL's words as Python, PHP and Ruby pass them on, Node's, Go's and the JVM's. */
const DISTRUST =
  /certificate verify failed|unable to (?:verify the first certificate|get (?:local )?issuer certificate)|UNABLE_TO_VERIFY_LEAF_SIGNATURE|self[- ]signed certificate|x509: certificate signed by unknown authority|PKIX path building failed/i;

/**
 * An issuer that the worker does not know may be a house's own, and all is well. Where the app's log says that it does not
 * trust somebody's certificate either, the one dependency of which that is true here is meant.
 */
export function distrusts(
  seen: readonly Seen[],
  journals: readonly Observed<UnitJournal>[],
  now: string,
): Outcome | null {
  const untrusted = seen.flatMap((from) => {
    const problem = from.fact.details['certificateProblem'];
    return typeof problem === 'string' ? [{ from, problem }] : [];
  });
  const names = new Set(untrusted.map(({ from }) => from.target.name));
  const [name] = names;
  if (name === undefined || names.size > 1) return null;
  const said = journals.flatMap((from) => {
    const line = from.fact.lines.findLast(
      ({ at, message }) => DISTRUST.test(message) && secondsBetween(at, now) <= FRESH_SECONDS,
    );
    return line === undefined ? [] : [{ from, excerpt: line.line }];
  });
  if (said.length === 0) return null;
  return {
    status: 'failed',
    confidence: 'likely',
    summary: `the app does not trust the certificate of ${name}, and here it is not trusted either: ${untrusted[0]?.problem ?? ''}`,
    evidence: [...said.slice(0, 3), ...quoteDependency(untrusted.slice(0, 1).map(({ from }) => from))],
  };
}

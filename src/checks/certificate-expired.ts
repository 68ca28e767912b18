import { defineServiceCheck } from './define-check.js';
import { formatSeconds } from './host/clock.js';
import { secondsBetween } from './evidence/time.js';
import { allOf, DEPENDENCY_FACTS, quoteDependency, reachWords, type Seen } from './evidence/dependencies.js';

/** Renewals run 30 days ahead; three days before the end somebody should look. */
const SOON_SECONDS = 3 * 24 * 3600;

/** The dependency's certificate is over, not yet valid or made for another name. */
export const certificateExpired = defineServiceCheck({
  id: 'certificate-expired',
  cause: 'dependency',
  title: 'Certificate is not valid',
  refutedBy: 'a certificate that is accepted',
  scope: 'dependency',
  needs: [],
  uses: DEPENDENCY_FACTS,

  evaluate(facts, { target, now }) {
    const all = allOf(facts);
    const ends = all.flatMap(({ fact }) =>
      fact.certificateExpiresAt === null ? [] : [fact.certificateExpiresAt],
    );
    const end = ends.toSorted()[0];
    const isOver = end !== undefined && secondsBetween(now, end) < 0;
    const bad = all.filter((seen) => refusesCertificate(seen) || hasEnded(seen, now));
    const [first] = bad;
    if (first === undefined) {
      if (end === undefined) return { status: 'skipped', reason: 'no TLS' };
      const soon = secondsBetween(now, end) < SOON_SECONDS ? ': that is soon' : '';
      return {
        status: 'passed',
        summary: `certificate of ${target.name} valid for ${formatSeconds(secondsBetween(now, end))}${soon}`,
      };
    }
    const summary = isOver
      ? `certificate of ${target.name} ended ${formatSeconds(secondsBetween(end, now))} ago`
      : `certificate of ${target.name} is refused${reasonOf(first)}`;
    return {
      status: 'failed',
      // A client that looks at certificates fails; whether the app's does is not known unless it refused ours.
      confidence: bad.some(refusesCertificate) ? 'confirmed' : 'possible',
      summary: `${summary}, seen ${reachWords(bad, all)}`,
      evidence: quoteDependency(bad),
      ...(isOver ? { since: end } : {}),
    };
  },
});

const reasonOf = ({ fact }: Seen): string => (fact.failure === null ? '' : `: ${fact.failure.message}`);

const refusesCertificate = ({ fact }: Seen): boolean => fact.failure?.kind === 'certificate';
const hasEnded = ({ fact: { certificateExpiresAt: end } }: Seen, now: string): boolean =>
  end !== null && secondsBetween(now, end) < 0;

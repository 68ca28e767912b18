import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { canonical } from '../model/digest.js';
import type { Remediation } from '../model/remediation.js';

/** Whoever can write to the queue but does not have the bot's token cannot order a change. */
export type RemediateDigest = {
  of: (remediation: Remediation) => string;
  fits(remediation: Remediation, digest: string): boolean;
};

export function remediateDigest(botToken: string): RemediateDigest {
  const key = Buffer.from(hkdfSync('sha256', botToken, '', 'diag503 remediate', 32));
  const of = (remediation: Remediation): string => {
    const { id, service, kind, planDigest, requestedBy, requestedAt, approvalsNeeded } = remediation;
    const covered = canonical({ id, service, kind, planDigest, requestedBy, requestedAt, approvalsNeeded });
    return createHmac('sha256', key).update(covered).digest('hex');
  };
  return {
    of,
    fits: (remediation, digest) => {
      const [expected, given] = [Buffer.from(of(remediation)), Buffer.from(digest)];
      return expected.length === given.length && timingSafeEqual(expected, given);
    },
  };
}

import type { BalancerMembers } from '../../probes/balancer-members.js';
import type { Observed, Outcome } from '../define-check.js';
import { changedAt, isDown, isUsable, quoteMembers, shareOf, type Member } from './members.js';

/** In HAProxy's own words it has not even begun to call: `source` with an address that is not its own, no port, no file. */
const cannotCall = (member: Member): boolean =>
  isDown(member) && (CANNOT_BIND.test(member.lastCheck ?? '') || isWornOut(member));

const CANNOT_BIND = /can't bind to (?:source|transparent) address/i;
/** What its own host, or its own limit, does not give, in HAProxy's words (src/connection.c, conn_err_code_str). */
const isWornOut = ({ lastCheck }: Member): boolean =>
  /out of local source ports|source port range exhausted|too many sockets on the (?:process|system)|reached configured maxconn|out of system buffers/i.test(
    lastCheck ?? '',
  );

const SHOWN_CHARS = 160;

/** Null where HAProxy can call its members. */
export const callsNobody = (seen: Observed<BalancerMembers>): Outcome | null => {
  const { members } = seen.fact;
  const unable = members.filter(cannotCall);
  if (unable.length === 0) return null;
  const since = changedAt(unable, seen.at);
  const isUsableLeft = members.some((member) => isUsable(member) && !unable.includes(member));
  return {
    status: 'failed',
    confidence: isUsableLeft ? 'possible' : 'confirmed',
    summary: `HAProxy cannot open a connection to ${shareOf(unable, members)}: ${unable[0]?.lastCheck?.slice(0, SHOWN_CHARS) ?? ''}`,
    evidence: [quoteMembers(seen, unable)],
    ...(unable.every(isWornOut) ? { cause: 'overload' as const } : {}),
    ...(since === undefined ? {} : { since }),
  };
};

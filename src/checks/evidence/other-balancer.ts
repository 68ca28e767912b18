import type { Service } from '../../model/service.js';
import { countOf } from '../../model/words.js';
import type { MemberChange } from '../../probes/shell/balancer-changes.js';
import type { Facts } from '../../probes/index.js';
import type { Observed, Outcome } from '../define-check.js';
import { balancerHits, quoteBalancerLines } from './balancer-lines.js';
import { isSetAside, isUsable, quoteMembers, type Member } from './members.js';

/** Fewer may be requests that were over a moment before the members came. Ours. */
const MANY = 3;
const RECENT_SECONDS = 30;
/** It goes on. */
const NOW_SECONDS = 10;
/** Of the host's clock, which tells whole seconds, and of the time between two readings. */
const MARGIN_SECONDS = 3;

type Seen = Pick<
  { readonly [K in keyof Facts]: readonly Observed<Facts[K]>[] },
  'balancerMembers' | 'balancerLog' | 'publicAnswer'
>;

/**
 * The log has requests for which the pool had nobody, of a time at which each of its members was up: whoever wrote them is
 * not the process that was asked for its members. One that a trial or a reload left behind shares the port with it.
 */
export const otherBalancer = (
  { balancerMembers, balancerLog, publicAnswer }: Seen,
  service: Service,
): Outcome | null => {
  const [seen] = balancerMembers;
  if (seen === undefined) return null;
  const pool = service.balancer?.pool ?? '';
  const members = seen.fact.members.filter((member) => !isSetAside(member));
  if (members.length === 0 || !members.every(isUsable)) return null;
  const upFor = Math.min(...members.map(({ lastChangeSeconds }) => lastChangeSeconds ?? 0)) - MARGIN_SECONDS;
  const hits = balancerHits(balancerLog, pool, publicAnswer).filter(
    ({ word, backend, ageSeconds }) =>
      word === 'no-server' && backend === pool && ageSeconds <= Math.min(upFor, RECENT_SECONDS),
  );
  if (hits.length < MANY || !hits.some(({ ageSeconds }) => ageSeconds <= NOW_SECONDS)) return null;
  const falls = balancerLog.flatMap(({ fact }) => fact.changes.filter((change) => isDenied(change, members)));
  const nobody = `for ${countOf(hits.length, 'request')} of the last ${String(RECENT_SECONDS)} s HAProxy found nobody in ${pool}, while the process that was asked has had each of its members up`;
  return {
    status: 'failed',
    confidence: falls.length > 0 ? 'likely' : 'possible',
    summary:
      falls.length > 0
        ? `${nobody}, and not down as its log says: another HAProxy, left behind by a reload or a trial, answers beside it`
        : `${nobody}: another HAProxy answers beside it, or their weight was 0 meanwhile`,
    evidence: [
      ...quoteBalancerLines(hits),
      ...falls.slice(-1).flatMap(({ line }) => balancerLog.map((from) => ({ from, excerpt: line }))),
      quoteMembers(seen, members),
    ],
  };
};

/** The log says that it went down at a time from which on the process that was asked has had it up. */
const isDenied = ({ server, to, ageSeconds }: MemberChange, members: readonly Member[]): boolean =>
  to === 'down' &&
  members.some(
    ({ name, lastChangeSeconds }) =>
      name === server && ageSeconds < (lastChangeSeconds ?? 0) - MARGIN_SECONDS,
  );

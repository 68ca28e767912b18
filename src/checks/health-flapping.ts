import { countOf } from '../model/words.js';
import type { BalancerLog } from '../probes/balancer-log.js';
import type { MemberChange } from '../probes/shell/balancer-changes.js';
import type { BalancerMembers } from '../probes/balancer-members.js';
import { defineServiceCheck, type Observed, type Outcome } from './define-check.js';
import { changedAt, isSetAside, isUsable, quoteMembers, type Member } from './evidence/members.js';
import { before } from './evidence/time.js';

/** Three falls are no accident; the last change must be recent, for the counter runs since HAProxy's start. */
const MIN_FALLS = 3;
const RECENT_CHANGE_SECONDS = 300;

/** A member goes down and up again: the check decides by too few answers, or the app is on the edge. */
export const healthFlapping = defineServiceCheck({
  id: 'health-flapping',
  cause: 'health-check',
  title: 'Member flaps',
  refutedBy: 'members that stayed up for 5 min',
  scope: 'service',
  needs: ['balancerMembers'],
  uses: ['balancerLog'],

  evaluate({ balancerMembers, balancerLog }, { service: { balancer } }) {
    const seen = balancerMembers[0];
    if (!seen) return { status: 'skipped', reason: 'the balancer was not read' };
    const flapping = seen.fact.members.filter(isFlapping);
    const falls = Math.max(0, ...seen.fact.members.map(({ downTransitions }) => downTransitions));
    const [worst] = flapping.toSorted((a, b) => b.downTransitions - a.downTransitions);
    if (worst === undefined)
      return (
        outForMoments(seen, balancerLog[0], balancer?.pool ?? '') ?? {
          status: 'passed',
          summary: `at most ${countOf(falls, 'fall')} of a member`,
        }
      );
    const since = changedAt([worst], seen.at);
    return {
      status: 'failed',
      confidence: worst.failedChecks > worst.downTransitions * 2 ? 'likely' : 'possible',
      summary: `${worst.name} fell ${String(worst.downTransitions)} times, last ${String(worst.lastChangeSeconds)} s ago`,
      evidence: [quoteMembers(seen, flapping)],
      ...(since === undefined ? {} : { since }),
    };
  },
});

const isFlapping = (member: Member): boolean =>
  !isSetAside(member) &&
  member.downTransitions >= MIN_FALLS &&
  member.lastChangeSeconds !== null &&
  member.lastChangeSeconds <= RECENT_CHANGE_SECONDS;

/** Back for longer, and users are served again. Ours. */
const BACK_SECONDS = 60;
/** Requests that came so shortly before a fall met what its check met: by default HAProxy checks three times, two seconds apart. */
const BEFORE_FALL_SECONDS = 8;
/** Spans of the log are that long, and bear the age of their begin. */
const SPAN_SECONDS = 10;
/**
 * An answer that the check refused. A check that found nobody, waited in vain, or heard a proxy speak for an app that is
 * away (502, 504), tells of more than itself.
 */
const REFUSED_ANSWER = /^Layer7 (?:wrong status, code: (?!50[24])|invalid response)/;

/**
 * By HAProxy's log: all members were out a moment ago, for the answer of their check, while the requests that were passed
 * on just before were served.
 */
function outForMoments(
  seen: Observed<BalancerMembers>,
  log: Observed<BalancerLog> | undefined,
  pool: string,
): Outcome | null {
  const members = seen.fact.members.filter((member) => !isSetAside(member));
  // They came back because nobody checks them any more.
  if (members.some(({ status }) => status === 'no check')) return null;
  if (log === undefined || members.length === 0 || !members.every(isUsable)) return null;
  const failed = log.fact.failed.filter(({ backend }) => backend === pool);
  const ofPool = { ...log.fact, failed };
  const falls = members.flatMap(({ name }) => lastFall(ofPool, name) ?? []);
  const [first] = falls.toSorted((a, b) => b.ageSeconds - a.ageSeconds);
  if (first === undefined || falls.length < members.length || !areAtOdds(ofPool, falls)) return null;
  // The first that came back: before it, users met nobody.
  const back = Math.max(...members.map(({ lastChangeSeconds }) => lastChangeSeconds ?? Infinity));
  if (back > BACK_SECONDS || !wereAllOut(ofPool, falls, back)) return null;
  return {
    status: 'failed',
    confidence: 'likely',
    summary: `all of ${countOf(members.length, 'member')} were out until ${String(back)} s ago, for what their check got (${first.reason}), while requests that were passed on were served`,
    evidence: [{ from: log, excerpt: falls.map(({ line }) => line).join('\n') }, quoteMembers(seen, members)],
    since: before(log.at, first.ageSeconds),
  };
}

const lastFall = ({ changes }: BalancerLog, name: string): MemberChange | undefined =>
  changes.findLast(
    ({ server, to, ageSeconds }) => server === name && to === 'down' && ageSeconds <= 2 * BACK_SECONDS,
  );

/** At the same time, and somebody asked meanwhile. */
const wereAllOut = ({ failed }: BalancerLog, falls: readonly MemberChange[], back: number): boolean => {
  const last = Math.min(...falls.map(({ ageSeconds }) => ageSeconds));
  return (
    last > back &&
    failed.some(
      ({ server, ageSeconds }) => server === null && ageSeconds >= back - 1 && ageSeconds <= last + 1,
    )
  );
};

/** Some were served shortly before, and none that a member had in hand then was refused in the end. */
const areAtOdds = ({ failed, spans }: BalancerLog, falls: readonly MemberChange[]): boolean =>
  falls.every(({ reason, server, ageSeconds: fell }) => {
    const refused = failed.some(
      ({ server: by, ageSeconds, timers, state }) =>
        by === server &&
        !state.startsWith('P') &&
        ageSeconds <= fell + BEFORE_FALL_SECONDS &&
        ageSeconds + timers.total / 1000 >= fell - 1,
    );
    const served = spans.some(
      (span) =>
        span.served > 0 &&
        span.ageSeconds >= fell &&
        span.ageSeconds - SPAN_SECONDS <= fell + BEFORE_FALL_SECONDS,
    );
    return REFUSED_ANSWER.test(reason) && served && !refused;
  });

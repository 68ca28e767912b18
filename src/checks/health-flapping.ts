import { countOf } from '../model/words.js';
import { defineServiceCheck } from './define-check.js';
import { changedAt, isSetAside, quoteMembers, type Member } from './evidence/members.js';

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

  evaluate({ balancerMembers }) {
    const seen = balancerMembers[0];
    if (!seen) return { status: 'skipped', reason: 'the balancer was not read' };
    const flapping = seen.fact.members.filter(isFlapping);
    const falls = Math.max(0, ...seen.fact.members.map(({ downTransitions }) => downTransitions));
    const [worst] = flapping.toSorted((a, b) => b.downTransitions - a.downTransitions);
    if (worst === undefined)
      return { status: 'passed', summary: `at most ${countOf(falls, 'fall')} of a member` };
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

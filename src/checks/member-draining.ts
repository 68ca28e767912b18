import { defineServiceCheck } from './define-check.js';
import {
  asideWord,
  changedAt,
  isDrained,
  isSetAside,
  isUsable,
  quoteMembers,
  shareOf,
} from './evidence/members.js';

/** Members set aside by hand or by a rollout. It takes all usable ones to explain a 503. */
export const memberDraining = defineServiceCheck({
  id: 'member-draining',
  cause: 'deployment',
  title: 'Member is drained or in maintenance',
  refutedBy: 'no member set aside',
  scope: 'service',
  needs: ['balancerMembers'],

  evaluate({ balancerMembers }) {
    const seen = balancerMembers[0];
    if (!seen) return { status: 'skipped', reason: 'the balancer was not read' };
    const { members } = seen.fact;
    const aside = members.filter(isSetAside);
    if (aside.length === 0)
      return { status: 'passed', summary: `${shareOf([], members)} drained, in maintenance or of weight 0` };
    const left = members.filter(isUsable).length;
    const states = [...new Set(aside.map(asideWord))].join(', ');
    const since = changedAt(aside, seen.at);
    return {
      status: 'failed',
      confidence: left === 0 ? (aside.length === members.length ? 'confirmed' : 'likely') : 'possible',
      summary: `${shareOf(aside, members)} set aside (${states}); ${String(left)} take requests`,
      evidence: [quoteMembers(seen, aside)],
      ...(since === undefined ? {} : { since }),
      // It gives back a state, no weight.
      ...(aside.some(isDrained) ? { remediations: ['restore-host'] as const } : {}),
    };
  },
});

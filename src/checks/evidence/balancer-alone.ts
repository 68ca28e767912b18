import type { Facts } from '../../probes/index.js';
import type { HttpAnswer } from '../../probes/http-answer.js';
import type { Observed, Quote } from '../define-check.js';
import { describe, isServed } from './answers.js';
import { quoteBalancerLines, type BalancerHit } from './balancer-lines.js';
import { answerOfMember } from './member-reach.js';
import { isUsable, type Member } from './members.js';

/** HAProxy's attempts end within its timeouts, mostly seconds; what is older may be of a member that was away. Ours. */
const RECENT_SECONDS = 30;
/** Fewer come from a restart, or from a queue that was full for a moment. Ours. */
const ENOUGH = 3;
/** Who is this quick has no queue that connections wait in. Ours. */
const AT_ONCE_MS = 1000;

/**
 * Members that HAProxy gives up on although the same request, put from its own host, is answered at once: it speaks
 * otherwise to them (TLS or the PROXY protocol where they expect plain HTTP, or the reverse), or from another address.
 */
export function refusedToBalancerAlone(
  members: readonly Member[],
  asked: readonly Observed<Facts['memberAnswer']>[],
  hits: readonly BalancerHit[],
): { members: Member[]; areOthersServed: boolean; quotes: Quote[] } | null {
  const recent = hits.filter(({ ageSeconds }) => ageSeconds <= RECENT_SECONDS);
  const lost = members.flatMap((member) => {
    const own = answerOfMember(asked, member);
    const lines = sinceOnset(recent.filter(({ server }) => server === member.name));
    return own !== undefined && isPrompt(own.answer) && isUsable(member) && lines.length > 0
      ? [{ member, lines, own }]
      : [];
  });
  const lines = lost.flatMap((each) => each.lines);
  const [first] = lost;
  if (first === undefined || lines.length < ENOUGH || !lines.every(gaveUp)) return null;
  const { from, answer } = first.own;
  const onsetSeconds = Math.max(...lines.map(({ ageSeconds }) => ageSeconds));
  return {
    members: lost.map(({ member }) => member),
    areOthersServed: lines.some(({ from: { fact } }) =>
      fact.spans.some(({ ageSeconds, served }) => ageSeconds <= onsetSeconds && served > 0),
    ),
    quotes: [
      ...quoteBalancerLines(lines),
      { from, excerpt: `${first.member.name}: ${answer.request}\n${describe(answer)}` },
    ],
  };
}

/** Oldest first; what failed otherwise before is of another trouble. */
const sinceOnset = (lines: readonly BalancerHit[]): BalancerHit[] => {
  const onset = lines.findIndex(gaveUp);
  return onset < 0 ? [] : lines.slice(onset);
};

const isPrompt = (answer: HttpAnswer): boolean => isServed(answer) && answer.firstByteMs < AT_ONCE_MS;
const gaveUp = ({ word }: BalancerHit): boolean => word === 'refused' || word === 'connect-timeout';

import type { Service } from '../../model/service.js';
import { countOf } from '../../model/words.js';
import type { Facts } from '../../probes/index.js';
import type { Observed, Outcome } from '../define-check.js';
import { isNginxOwn, namesNginx, quoteAnswer } from './answers.js';
import { answerOfMember } from './member-reach.js';
import { hostOf } from './members.js';

/** The line is older where an outage goes on; much older, and it may be of another day's start by hand. Ours. */
const LONG_SECONDS = 60 * 60;
const SURE_SECONDS = 10 * 60;

type Seen = {
  readonly balancerMembers: Observed<Facts['balancerMembers']>;
  readonly memberAnswer: readonly Observed<Facts['memberAnswer']>[];
  readonly proxyLog: readonly Observed<Facts['proxyLog']>[];
};

/**
 * nginx is not there, its last words are that somebody has its port, and what answers on that port is no nginx. Who may not
 * see others' processes sees none of nginx's, either.
 */
export function portTaken(
  { hosts }: Service,
  { balancerMembers, memberAnswer, proxyLog }: Seen,
): Outcome | null {
  const { members } = balancerMembers.fact;
  const taken = members.flatMap((member) => {
    const own = answerOfMember(memberAnswer, member);
    const log = proxyLog.find(({ target }) => target.name === hostOf(member, hosts));
    const last = log?.fact.lines.findLast(({ client, kind }) => client !== null || kind === 'port-in-use');
    if (own === undefined || log === undefined || log.fact.processes !== 0) return [];
    const isOthers = own.answer.status !== null && !isNginxOwn(own.answer) && !namesNginx(own.answer.headers);
    return last?.kind === 'port-in-use' && last.ageSeconds <= LONG_SECONDS && isOthers
      ? [{ own, log, last }]
      : [];
  });
  const [first] = taken;
  if (first === undefined) return null;
  const { own, last } = first;
  const isSure =
    taken.length === members.length && taken.every((each) => each.last.ageSeconds <= SURE_SECONDS);
  return {
    status: 'failed',
    cause: 'not-started',
    confidence: isSure ? 'confirmed' : 'likely',
    summary: `nginx did not start on ${countOf(taken.length, 'host')}: another program has its port (${/bind\(\) to \S+/.exec(last.line)?.[0] ?? 'bind()'} failed), and answers there`,
    evidence: [
      ...taken.slice(0, 3).map((each) => ({ from: each.log, excerpt: each.last.line })),
      quoteAnswer(own.from, own.answer),
    ],
    since: last.at,
  };
}

import type { Facts } from '../../probes/index.js';
import type { HttpAnswer } from '../../probes/http-answer.js';
import type { Observed, Quote } from '../define-check.js';
import { describe } from './answers.js';
import { quoteBalancerLines, type BalancerHit } from './balancer-lines.js';
import type { Member } from './members.js';

/** What became of connections from the balancer to a member. */
export type Reach = {
  readonly state: 'refused' | 'silent' | 'no-route';
  /** HAProxy's check, its log, and our own question from the balancer's host, as far as they say so. */
  readonly witnesses: number;
  readonly quotes: readonly Quote[];
};

type Answers = readonly Observed<Facts['memberAnswer']>[];

export const answerOfMember = (
  answers: Answers,
  { name }: Member,
): { from: Answers[number]; answer: HttpAnswer } | undefined => {
  const [from] = answers;
  const found = from?.fact.members.find((item) => item.name === name);
  return from === undefined || found === undefined ? undefined : { from, answer: found.answer };
};

/** Null where connections arrive, or nothing tells that they do not. Our own question decides where it was asked. */
export const reachOf = (member: Member, answers: Answers, hits: readonly BalancerHit[]): Reach | null => {
  const own = answerOfMember(answers, member);
  if (own !== undefined && stateOf(own.answer) === null) return null;
  const lines = hits.filter(
    ({ server, word }) => server === member.name && (word === 'refused' || word === 'connect-timeout'),
  );
  const asked = own === undefined ? null : stateOf(own.answer);
  const checked = byCheck(member);
  const logged =
    lines.length === 0 ? null : lines.some(({ word }) => word === 'refused') ? 'refused' : 'silent';
  const state = asked ?? checked ?? logged;
  if (state === null) return null;
  return {
    state,
    witnesses: [asked, checked, logged].filter((seen) => seen !== null).length,
    quotes: [
      ...quoteBalancerLines(lines),
      ...(own === undefined
        ? []
        : [{ from: own.from, excerpt: `${own.answer.request}\n${describe(own.answer)}` }]),
    ],
  };
};

const stateOf = ({ failure }: HttpAnswer): Reach['state'] | null => {
  if (failure?.rung !== 'tcp') return null;
  if (failure.kind === 'refused') return 'refused';
  if (failure.kind === 'timeout') return 'silent';
  return failure.kind === 'no-route' ? 'no-route' : null;
};

const byCheck = ({ status, checkStatus, lastCheck, line }: Member): Reach['state'] | null => {
  if (!status.startsWith('DOWN')) return null;
  if (checkStatus === 'L4TOUT') return 'silent';
  if (checkStatus !== 'L4CON') return null;
  return /no route|unreachable/i.test(`${lastCheck ?? ''} ${line}`) ? 'no-route' : 'refused';
};

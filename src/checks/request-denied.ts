import type { Confidence } from '../model/cause.js';
import { countOf } from '../model/words.js';
import type { BalancerLog } from '../probes/balancer-log.js';
import type { BalancerMembers } from '../probes/balancer-members.js';
import type { HttpAnswer } from '../probes/http-answer.js';
import { isByRule } from './evidence/haproxy-states.js';
import { defineServiceCheck, type Observed, type Outcome } from './define-check.js';
import { isBad, isHaproxyPage, isThrownOut, quoteAnswer } from './evidence/answers.js';
import {
  balancerHits,
  isLogged,
  oursMetAnother,
  pathOf,
  quoteBalancerLines,
  type BalancerHit,
} from './evidence/balancer-lines.js';
import { isUsable } from './evidence/members.js';

/** A handful may be one client's; more is what users feel. */
const MANY = 5;
/** A rule that refuses goes on with each request: what ended before is of another trouble. Ours. */
const NOW_SECONDS = 30;

/** Milliseconds. What waits in a queue, or for a connection, comes later, and its line as well. Ours. */
const AT_ONCE_MS = 500;

/** A rule of the balancer refuses: a limit, a block, maintenance. Its page is the same as with no server left. */
export const requestDenied = defineServiceCheck({
  id: 'request-denied',
  cause: 'deliberate',
  title: 'A rule of the balancer refuses requests',
  refutedBy: 'no request refused by a rule in the log of HAProxy',
  scope: 'service',
  needs: ['balancerLog'],
  uses: ['publicAnswer', 'balancerMembers'],

  evaluate(facts, { service: { balancer } }) {
    const { balancerLog, publicAnswer } = facts;
    const pool = balancer?.pool ?? '';
    const seen = publicAnswer[0];
    const bad = seen?.fact.answers.find(isBad);
    const hits = balancerHits(balancerLog, pool, publicAnswer);
    const refused = hits.filter((hit) => isOfOurs(hit, pool, bad));
    const [first] = refused;
    const unlogged = refused.some(goesOn) ? null : refusedUnlogged(facts, hits);
    if (unlogged !== null || first === undefined) return unlogged ?? NOBODY_REFUSED;
    const isOurs = refused.some((hit) => hit.isOurs);
    return {
      status: 'failed',
      confidence: isOurs ? 'confirmed' : unseen(hits, refused),
      summary: `HAProxy refused ${countOf(refused.length, 'request')} of the last 2 minutes with ${String(first.status)} by a rule of ${ruleWords(first)}`,
      evidence: [...quoteBalancerLines(refused), ...(seen && bad && isOurs ? [quoteAnswer(seen, bad)] : [])],
      since: first.at,
      remediations: ['reload-proxy'],
    };
  },
});

const goesOn = ({ isOurs, ageSeconds }: BalancerHit): boolean => isOurs || ageSeconds <= NOW_SECONDS;

type Seen = {
  readonly publicAnswer: readonly Observed<{ answers: readonly HttpAnswer[] }>[];
  readonly balancerMembers: readonly Observed<BalancerMembers>[];
  readonly balancerLog: readonly Observed<BalancerLog>[];
};

/** By what writes no line of it. */
const refusedUnlogged = (
  { publicAnswer, balancerMembers, balancerLog }: Seen,
  hits: readonly BalancerHit[],
): Outcome | null => {
  const [[seen], [stats]] = [publicAnswer, balancerMembers];
  const monitored = isLogged(balancerLog, publicAnswer) ? null : answeredByMonitor(seen, stats, balancerLog);
  return monitored ?? rejectedByFrontend(seen, stats, hits);
};

const NOBODY_REFUSED: Outcome = {
  status: 'passed',
  summary: '0 requests refused by a rule of HAProxy in the last 2 minutes',
};

const isOfOurs = (
  { word, backend, request }: BalancerHit,
  pool: string,
  bad: HttpAnswer | undefined,
): boolean =>
  isByRule(word) && (backend === pool || (bad !== undefined && pathOf(request) === pathOf(bad.request)));

/** "frontend public (`http-request deny`)". */
const ruleWords = ({ word, state, backend, frontend }: BalancerHit): string => {
  const section = backend === frontend ? `frontend ${frontend}` : `backend ${backend}`;
  // The member had answered by then.
  if (state.startsWith('PH')) return `HAProxy about what the member answered (\`http-response deny\`)`;
  return `${section} (\`http-request ${word === 'denied' ? 'deny' : 'return'}\`)`;
};

/** None of our own requests is among them. */
const unseen = (hits: readonly BalancerHit[], refused: readonly BalancerHit[]): Confidence =>
  refused.length >= MANY && refused.some(goesOn) && !oursMetAnother(hits, refused) ? 'likely' : 'possible';

/** Of a pool that comes and goes, an answer of before and a state of now do not belong together. Seconds; ours. */
const STEADY_SECONDS = 60;
const isSteady = ({ members, pool }: BalancerMembers): boolean =>
  members.some(isUsable) && (pool.downTransitions === 0 || (pool.lastChangeSeconds ?? 0) >= STEADY_SECONDS);

/** It is read whole, and the balancer that users come through writes it. */
const isComplete = ({ fact }: Observed<BalancerLog>): boolean =>
  fact.unreadable === 0 &&
  fact.spans.some(({ ageSeconds, served }) => served > 0 && ageSeconds <= NEWEST_SECONDS);
/** Somebody is served each minute, be it at another page. Ours. */
const NEWEST_SECONDS = 60;

/**
 * `monitor-uri` is meant for a balancer before this one: HAProxy answers it itself, 503 where `monitor fail` says so, and
 * writes no line. Only the frontend counts it, and which one users come through is not read.
 */
const answeredByMonitor = (
  seen: Observed<{ readonly answers: readonly HttpAnswer[] }> | undefined,
  stats: Observed<BalancerMembers> | undefined,
  logs: readonly Observed<BalancerLog>[],
): Outcome | null => {
  const [page] = seen?.fact.answers ?? [];
  const [frontend] = stats?.fact.monitoringFrontends ?? [];
  if (seen === undefined || stats === undefined || page === undefined || frontend === undefined) return null;
  if (!areSaidAtOnce(seen.fact.answers) || !isSteady(stats.fact) || !logs.every(isComplete)) return null;
  return {
    status: 'failed',
    confidence: 'likely',
    summary: `HAProxy answers ${pathOf(page.request)} itself and writes no line of it in its log, though members are up: frontend ${frontend.name} keeps it for \`monitor-uri\`, and \`monitor fail\` holds`,
    evidence: [quoteAnswer(seen, page), { from: stats, excerpt: frontend.line }],
  };
};

/** One that is late was late on its way: what waits in a queue waits each time. */
const areSaidAtOnce = (answers: readonly HttpAnswer[]): boolean =>
  answers.every(isHaproxyPage) && answers.some(({ firstByteMs }) => firstByteMs < AT_ONCE_MS);

/** `tcp-request connection reject`: before a request, so the log has no line, and the frontend's counter is all there is. */
const rejectedByFrontend = (
  seen: Observed<{ readonly answers: readonly HttpAnswer[] }> | undefined,
  stats: Observed<BalancerMembers> | undefined,
  hits: readonly BalancerHit[],
): Outcome | null => {
  if (seen === undefined || stats === undefined || !seen.fact.answers.every(isThrownOut)) return null;
  // Whoever came as far as the log was not rejected.
  if (hits.some(({ isOurs }) => isOurs)) return null;
  const [thrownOut] = seen.fact.answers;
  const [frontend] = stats.fact.rejectingFrontends;
  if (thrownOut === undefined || frontend === undefined) return null;
  return {
    status: 'failed',
    // The counter may be of another day, and another frontend's.
    confidence: 'likely',
    summary: `every connection of ours is thrown out before its request, and rules of frontend ${frontend.name} of HAProxy have rejected ${countOf(frontend.rejected, 'connection')} (\`tcp-request … reject\`)`,
    evidence: [quoteAnswer(seen, thrownOut), { from: stats, excerpt: frontend.line }],
    remediations: ['reload-proxy'],
  };
};

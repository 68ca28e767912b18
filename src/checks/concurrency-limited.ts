import { countOf, durationWords } from '../model/words.js';
import { defineServiceCheck, type Outcome } from './define-check.js';
import { isNginxOwn, quoteAnswer } from './evidence/answers.js';
import { balancerHits, quoteBalancerLines, type BalancerHit } from './evidence/balancer-lines.js';
import { isUsable, quoteMembers, shareOf } from './evidence/members.js';
import {
  clientWords,
  limitConfidence,
  quoteProxyLines,
  recentProxyLines,
  type ProxyHit,
} from './evidence/proxy-lines.js';
import type { Observed } from './define-check.js';
import type { Facts } from '../probes/index.js';
import type { BalancerMembers } from '../probes/balancer-members.js';

const MANY = 5;

/** Refused, or kept in a queue, because as many as allowed are being served: `limit_conn`, or HAProxy's `maxconn`. */
export const concurrencyLimited = defineServiceCheck({
  id: 'concurrency-limited',
  cause: 'deliberate',
  title: 'Concurrent requests are limited',
  refutedBy: 'no refusal by a limit, and nobody in a queue',
  scope: 'service',
  needs: [],
  uses: ['proxyLog', 'balancerMembers', 'balancerLog', 'publicAnswer'],

  evaluate({ proxyLog, balancerMembers, balancerLog, publicAnswer }, { service }) {
    const hitsOfPool = balancerHits(balancerLog, service.balancer?.pool ?? '', publicAnswer);
    const queue =
      gaveUp(
        hitsOfPool.filter(({ word }) => word === 'queue-timeout'),
        balancerMembers[0],
      ) ?? queued(balancerMembers[0]);
    if (queue) return queue;
    if (proxyLog.length + balancerMembers.length + balancerLog.length === 0)
      return { status: 'skipped', reason: 'neither proxy nor balancer was read' };

    const hits = recentProxyLines(proxyLog, ['concurrency-limited']);
    const [first] = hits;
    if (first === undefined)
      return { status: 'passed', summary: '0 requests wait or are refused for a limit' };
    return refusedByNginx(hits, first, publicAnswer[0]);
  },
});

const refusedByNginx = (
  hits: readonly ProxyHit[],
  first: ProxyHit,
  seen: Observed<Facts['publicAnswer']> | undefined,
): Outcome => {
  const refusal = seen?.fact.answers.find((answer) => answer.status === 503 && isNginxOwn(answer));
  return {
    status: 'failed',
    confidence: limitConfidence(hits, refusal !== undefined),
    summary: `nginx refused ${countOf(hits.length, 'request')} by the connection limit of zone ${first.zone ?? 'unknown'} in the last 2 minutes${clientWords(hits)}`,
    evidence: [...quoteProxyLines(hits), ...(seen && refusal ? [quoteAnswer(seen, refusal)] : [])],
    since: first.at,
    remediations: ['reload-proxy'],
  };
};

/** `sQ`: requests that waited for a free place until HAProxy gave them up. */
const gaveUp = (
  hits: readonly BalancerHit[],
  seen: Observed<BalancerMembers> | undefined,
): Outcome | null => {
  const [first] = hits;
  if (first === undefined) return null;
  const limits = (seen?.fact.members ?? []).flatMap(({ sessionLimit }) => sessionLimit ?? []);
  const limit = limits.length === 0 ? '' : ` (\`maxconn\` ${String(Math.max(...limits))})`;
  const over = isOver(hits, seen);
  return {
    status: 'failed',
    confidence: over ? 'possible' : isSure(hits) ? 'confirmed' : 'likely',
    cause: 'overload',
    summary: `${countOf(hits.length, 'request')} of the last 2 minutes waited ${durationWords(first.timers.queue)} in the balancer's queue and got ${String(first.status)}: ${over ? 'now members have free places' : `each member is at its limit of sessions${limit}`}`,
    evidence: [...quoteBalancerLines(hits), ...(seen ? [quoteMembers(seen, seen.fact.members)] : [])],
    since: first.at,
  };
};

const isSure = (hits: readonly BalancerHit[]): boolean =>
  hits.length >= MANY || hits.some(({ isOurs }) => isOurs);

/** Lines of a queue that nobody stands in any more: every member has a free place, and ours did not wait. */
const isOver = (hits: readonly BalancerHit[], seen: Observed<BalancerMembers> | undefined): boolean =>
  seen !== undefined &&
  seen.fact.pool.queued === 0 &&
  !seen.fact.members.some(isFull) &&
  !hits.some(({ isOurs }) => isOurs);

const isFull = ({ sessions, sessionLimit }: BalancerMembers['members'][number]): boolean =>
  sessionLimit !== null && sessions >= sessionLimit;

/** The limit is meant; that it is reached is load, or something slow behind. */
const queued = (seen: Observed<BalancerMembers> | undefined): Outcome | null => {
  if (!seen || seen.fact.pool.queued === 0) return null;
  const { members, pool } = seen.fact;
  const usable = members.filter(isUsable);
  const full = usable.filter(isFull);
  if (full.length === 0 || full.length < usable.length) return null;
  return {
    status: 'failed',
    confidence: 'likely',
    cause: 'overload',
    summary: `${countOf(pool.queued, 'request')} in the balancer's queue; ${shareOf(full, members)} at their limit of ${String(full[0]?.sessionLimit ?? 0)} sessions`,
    evidence: [quoteMembers(seen, full)],
  };
};

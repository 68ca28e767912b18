import { countOf } from '../model/words.js';
import type { Service } from '../model/service.js';
import type { BalancerMembers } from '../probes/balancer-members.js';
import type { BalancerLog } from '../probes/balancer-log.js';
import type { Facts } from '../probes/index.js';
import type { HttpAnswer } from '../probes/http-answer.js';
import { defineServiceCheck, type Observed, type Outcome, type Quote } from './define-check.js';
import { describe, isBad, isHaproxyPage, isKeptFromApp, isServed, quoteAnswer } from './evidence/answers.js';
import { balancerHits, foundNobody, quoteBalancerLines } from './evidence/balancer-lines.js';
import { answerOfMember } from './evidence/member-reach.js';
import { hostOf, isSetAside, isUnknownThere, isUsable } from './evidence/members.js';
import { UPSTREAM } from './evidence/proxy-lines.js';
import { otherBalancer } from './evidence/other-balancer.js';
import { allOf, DEPENDENCY_FACTS } from './evidence/dependencies.js';
import { droppedOnHosts } from './evidence/dropped-on-host.js';
import {
  notBegun,
  passedElsewhere,
  passedForOtherName,
  passedToNoName,
  placeOf,
  shutOut,
  waitsForProxyLine,
  withoutServedSince,
} from './evidence/nginx-astray.js';
import { givenUp } from './evidence/nginx-given-up.js';

/** The app serves, its members are up, and yet the request does not get there: it is sent elsewhere, or nowhere. */
export const wrongUpstream = defineServiceCheck({
  id: 'wrong-upstream',
  cause: 'routing',
  title: 'Requests go to the wrong place',
  refutedBy: 'a way on which every request gets to the app',
  scope: 'service',
  needs: ['publicAnswer'],
  uses: [
    'appAnswer',
    'healthAnswer',
    'balancerMembers',
    'balancerLog',
    'proxyLog',
    'memberAnswer',
    'listenSockets',
    'tcpCounters',
    ...DEPENDENCY_FACTS,
  ],

  evaluate(facts, { service }) {
    const { publicAnswer, appAnswer, healthAnswer } = facts;
    const seen = publicAnswer[0];
    const bad = seen?.fact.answers.find(isBad);
    if (!seen || !bad) return { status: 'passed', summary: 'public requests are served' };
    const heard = allOf(facts).filter(({ fact }) => fact.failure === null);
    const dropped = droppedOnHosts(facts, service, heard);
    if (dropped.length > 0) return droppedWords(dropped, service);
    const inner = appAnswer.length > 0 ? appAnswer : healthAnswer;
    const atHosts =
      shutOut(facts.proxyLog, inner, service) ??
      astrayBeside(withoutServedSince(facts.proxyLog, facts, service), inner, service) ??
      whyInside(inner);
    return atHosts ?? whyOnTheWay(facts, service, { seen, bad });
  },
});

const whyOnTheWay = (
  facts: Parameters<typeof whyAtProxy>[0] & Parameters<typeof atBalancer>[0],
  service: Service,
  asked: { seen: Observed<unknown>; bad: HttpAnswer },
): Outcome =>
  otherBalancer(facts, service) ??
  whyAtProxy(facts, service) ??
  atBalancer(facts, service, asked) ??
  passedForOtherName(facts.proxyLog, service) ??
  NO_SIGN;

const whyAtProxy = (
  facts: Pick<Seen, 'proxyLog' | 'memberAnswer' | 'appAnswer' | 'balancerMembers'>,
  service: Service,
): Outcome | null => {
  const ofNow = withoutServedSince(facts.proxyLog, facts, service);
  return (
    passedElsewhere(ofNow, service) ??
    // Each worker of nginx looks names up and gives up by itself: another one may have served us.
    passedToNoName(facts.proxyLog) ??
    notBegun(ofNow, service) ??
    waitsForProxyLine(facts) ??
    givenUp(facts.proxyLog, facts.appAnswer, service) ??
    keptFromApp(facts, service)
  );
};

/** Never sure: what drops it, a firewall or a loopback that is down, may not be read by our login. */
const droppedWords = (dropped: readonly Observed<HttpAnswer>[], service: Service): Outcome => ({
  status: 'failed',
  confidence: dropped.length === service.hosts.length ? 'likely' : 'possible',
  summary: `${countOf(dropped.length, 'host')} ${dropped.length === 1 ? 'listens' : 'listen'} on ${placeOf(service)} and ${dropped.length === 1 ? 'drops' : 'drop'} what is sent there, also from the host itself: a firewall rule of the host, or its loopback is down`,
  evidence: dropped.slice(0, 3).map((from) => quoteAnswer(from, from.fact)),
});

const atBalancer = (
  {
    publicAnswer,
    balancerMembers,
    balancerLog,
  }: Pick<Seen, 'publicAnswer' | 'balancerMembers' | 'balancerLog'>,
  service: Service,
  { seen, bad }: { seen: Observed<unknown>; bad: HttpAnswer },
): Outcome | null => {
  const way = { service, publicAnswer, members: balancerMembers[0]?.fact };
  const nowhere = isHaproxyPage(bad) && !reachedPool(balancerLog, service, publicAnswer);
  return ledElsewhere(balancerLog, way) ?? (nowhere ? unmatched(quoteAnswer(seen, bad), way.members) : null);
};

/** Beside an app that does not serve either: put right alone, it would go on. */
const astrayBeside = (
  logs: Seen['proxyLog'],
  inner: readonly Observed<HttpAnswer>[],
  service: Service,
): Outcome | null => {
  if (inner.length === 0 || inner.every(({ fact }) => isServed(fact))) return null;
  // The socket of an app that is restarted is missed for a moment; another port is another place.
  const byPort = logs.map((log) => ({
    ...log,
    fact: { ...log.fact, lines: log.fact.lines.filter(({ upstream }) => UPSTREAM.test(upstream ?? '')) },
  }));
  const astray = passedElsewhere(byPort, service);
  return astray?.status === 'failed' && astray.confidence === 'confirmed'
    ? { ...astray, confidence: 'likely' }
    : null;
};

/** What speaks against a way that is wrong: the end of it. */
const whyInside = (inner: readonly Observed<HttpAnswer>[]): Outcome | null => {
  if (inner.length === 0) return { status: 'skipped', reason: 'no host was asked whether the app serves' };
  return inner.every(({ fact }) => isServed(fact))
    ? null
    : { status: 'passed', summary: 'the app itself does not serve' };
};

/** Where HAProxy's log holds this very request, or others that did reach the pool, the way is not the matter. */
const reachedPool = (
  log: Parameters<typeof balancerHits>[0],
  { balancer }: Service,
  asked: Parameters<typeof balancerHits>[2],
): boolean => {
  const pool = balancer?.pool ?? '';
  return balancerHits(log, pool, asked).some(({ isOurs, backend }) => isOurs || backend === pool);
};

const NO_SIGN: Outcome = { status: 'passed', summary: 'no sign of a request that is sent elsewhere' };

/** No server or location of nginx leads the users' request to the app: it answers 404 itself, on each host. */
const keptFromApp = (
  { memberAnswer, appAnswer, balancerMembers }: Pick<Seen, 'memberAnswer' | 'appAnswer' | 'balancerMembers'>,
  { hosts }: Service,
): Outcome | null => {
  const members = (balancerMembers[0]?.fact.members ?? []).filter((member) => !isSetAside(member));
  const kept = members.flatMap((member) => {
    const own = answerOfMember(memberAnswer, member);
    const app = appAnswer.find(({ target }) => target.name === hostOf(member, hosts));
    return isUnknownThere(member) && own !== undefined && isKeptFromApp(own.answer, app?.fact)
      ? [{ member, own }]
      : [];
  });
  const [first] = kept;
  if (first === undefined || kept.length < members.length) return null;
  const { answer, from } = first.own;
  return {
    status: 'failed',
    confidence: 'likely',
    summary: `nginx on ${countOf(kept.length, 'host')} answers ${describe(answer)} by itself to ${answer.request}, which the app there serves: no \`server\` or \`location\` of nginx leads it on`,
    evidence: [quoteAnswer(from, answer)],
  };
};

type Seen = { readonly [K in keyof Facts]: readonly Observed<Facts[K]>[] };
type Way = {
  service: Service;
  publicAnswer: Parameters<typeof balancerHits>[2];
  members: BalancerMembers | undefined;
};

/** A rule of the balancer leads the public request to another backend, and that has nobody; the pool could take it. */
const ledElsewhere = (
  logs: readonly Observed<BalancerLog>[],
  { service, publicAnswer, members }: Way,
): Outcome | null => {
  const pool = service.balancer?.pool ?? '';
  if (members === undefined || !members.members.some(isUsable)) return null;
  const asked = publicAnswer.flatMap(({ fact }) => fact.answers.filter(isBad)).length;
  if (balancerHits(logs, pool, publicAnswer).some(({ isOurs }) => isOurs)) return null;
  const backends = new Set(logs.flatMap(({ fact }) => fact.failed.map(({ backend }) => backend)));
  for (const backend of backends) {
    const ours = balancerHits(logs, backend, publicAnswer).filter(
      (hit) => hit.isOurs && hit.backend === backend && foundNobody(hit.word),
    );
    // Another service's requests may have the same path. The last answer's line may come after the log was read.
    if (ours.length < Math.max(Math.min(2, asked), asked - 1)) continue;
    return {
      status: 'failed',
      confidence: 'likely',
      summary: `HAProxy leads the public request to backend ${backend}, where nobody takes it; the members of ${pool} are up and get none`,
      evidence: quoteBalancerLines(ours),
      remediations: ['reload-proxy'],
    };
  }
  return null;
};

/** HAProxy's own 503 while the pool could have taken the request. */
const unmatched = (quote: Quote, seen: BalancerMembers | undefined): Outcome | null => {
  if (seen === undefined || seen.pool.queued > 0 || !seen.members.some(isUsable)) return null;
  return {
    status: 'failed',
    confidence: 'likely',
    summary:
      'HAProxy finds no server for the public request, though members of the pool are up and serve: no rule leads it there, or one refuses it',
    evidence: [quote],
    remediations: ['reload-proxy'],
  };
};

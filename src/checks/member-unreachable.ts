import type { Confidence } from '../model/cause.js';
import { servicePort, type Service } from '../model/service.js';
import type { Facts } from '../probes/index.js';
import { defineServiceCheck, type Observed, type Outcome, type Quote } from './define-check.js';
import { isBad, isServed } from './evidence/answers.js';
import { refusedToBalancerAlone } from './evidence/balancer-alone.js';
import { handshakesLost } from './evidence/balancer-tls.js';
import { callsNobody } from './evidence/balancer-stuck.js';
import { absentListener } from './evidence/absent-listener.js';
import { balancerHits, type BalancerHit } from './evidence/balancer-lines.js';
import { reachOf, type Reach } from './evidence/member-reach.js';
import {
  changedAt,
  hostOf,
  isSetAside,
  isUnresolved,
  isUsable,
  quoteMembers,
  shareOf,
  type Member,
} from './evidence/members.js';
import { isLoopbackOnly, listensOn } from './host/port.js';

/** The app runs and answers on its host, but connections from the balancer do not arrive there; or the host is gone. */
export const memberUnreachable = defineServiceCheck({
  id: 'member-unreachable',
  cause: 'routing',
  title: 'Balancer does not reach its members',
  refutedBy: 'members that HAProxy connects to',
  scope: 'service',
  needs: ['balancerMembers'],
  uses: [
    'memberAnswer',
    'balancerLog',
    'appAnswer',
    'healthAnswer',
    'listenSockets',
    'proxyLog',
    'hostJournal',
    'publicAnswer',
  ],

  evaluate(facts, { service }) {
    const seen = facts.balancerMembers[0];
    if (!seen) return { status: 'skipped', reason: 'the balancer was not read' };
    const { members } = seen.fact;
    const hits = balancerHits(facts.balancerLog, service.balancer?.pool ?? '', facts.publicAnswer);
    const unreached = members
      .filter((member) => !isSetAside(member) && !isUnresolved(member))
      .flatMap((member) => {
        const reach = reachOf(member, facts.memberAnswer, hits);
        return reach === null ? [] : [{ member, reach, host: hostOf(member, service.hosts) }];
      });
    const stuck = callsNobody(seen);
    if (stuck !== null) return stuck;
    const told = unreached.flatMap((item) => wordsOf(item, facts, service) ?? []);
    const first = mostTelling(told);
    if (first === undefined)
      return (
        handshakesLost(seen, facts.memberAnswer) ??
        spokenToOtherwise(seen, facts, hits) ??
        reached(members, unreached)
      );
    const lost = told.map(({ member }) => member);
    const left = members.filter((member) => isUsable(member) && !lost.includes(member)).length;
    const since = changedAt(lost, seen.at);
    const outcome: Extract<Outcome, { status: 'failed' }> = {
      status: 'failed',
      confidence: left > 0 ? whileOthersServe(unreached, lost) : first.isProven ? 'confirmed' : 'likely',
      summary: `${shareOf(lost, members)} out of HAProxy's reach: ${first.words}`,
      evidence: [quoteMembers(seen, lost), ...told.flatMap(({ quotes }) => quotes)],
      ...(since === undefined ? {} : { since }),
    };
    return first.isStopped ? { ...outcome, cause: 'not-started' } : outcome;
  },
});

/** While others serve, users feel it only where HAProxy goes on to send requests there: its log or its check must have seen it, too. */
const whileOthersServe = (unreached: readonly Out[], lost: readonly Member[]): Confidence =>
  unreached.every(({ member, reach }) => !lost.includes(member) || (isUsable(member) && reach.witnesses > 1))
    ? 'likely'
    : 'possible';

/** Hosts of which less may be read say less. */
const mostTelling = (told: readonly Told[]): Told | undefined =>
  told.find(({ isExplained }) => isExplained) ?? told[0];

const reached = (members: readonly Member[], unreached: readonly Out[]): Outcome => ({
  status: 'passed',
  summary:
    unreached.length === 0
      ? `${shareOf(members, members)} reached, or not known to be out of reach`
      : `${shareOf(
          unreached.map(({ member }) => member),
          members,
        )} out of reach, and the app does not answer there either`,
});

/** Never more than likely: what HAProxy says to its members stands in its configuration, which is not read. */
const spokenToOtherwise = (
  seen: Observed<Facts['balancerMembers']>,
  { memberAnswer, publicAnswer }: Pick<Seen, 'memberAnswer' | 'publicAnswer'>,
  hits: readonly BalancerHit[],
): Outcome | null => {
  const lost = refusedToBalancerAlone(seen.fact.members, memberAnswer, hits);
  if (lost === null || !publicAnswer.some(({ fact }) => fact.answers.every(isBad))) return null;
  const { members } = seen.fact;
  const isAll = lost.members.length === members.filter(isUsable).length;
  return {
    status: 'failed',
    confidence: isAll && !lost.areOthersServed ? 'likely' : 'possible',
    summary: `HAProxy gets no connection to ${shareOf(lost.members, members)}, though each answers the same request from HAProxy's own host: HAProxy speaks otherwise to them (TLS, PROXY protocol), or from another address`,
    evidence: lost.quotes,
  };
};

type Unreached = { member: Member; reach: Reach; host: string | null };
type Seen = { readonly [K in keyof Facts]: readonly Observed<Facts[K]>[] };
type Told = {
  member: Member;
  words: string;
  quotes: readonly Quote[];
  isProven: boolean;
  /** Something that should listen there does not run; else the way is wrong or closed. */
  isStopped: boolean;
  /** Who should listen there said why not. */
  isExplained?: boolean;
};

const wordsOf = (
  { member, reach, host }: Unreached,
  seen: Pick<
    Seen,
    'appAnswer' | 'healthAnswer' | 'listenSockets' | 'proxyLog' | 'hostJournal' | 'balancerMembers'
  >,
  service: Service,
): Told | null => {
  const at = <T extends { target: { name: string } }>(all: readonly T[]): T | undefined =>
    all.find(({ target }) => target.name === host);
  const answers = [at(seen.appAnswer), at(seen.healthAnswer)].flatMap((item) => item ?? []);
  const sockets = at(seen.listenSockets);
  const where = host ?? member.name;
  if (host === null && reach.state === 'refused') return stranger({ member, reach }, seen, service);
  if (answers.length === 0 && sockets === undefined)
    return lostHost({ member, reach, host }, where, seen, service);
  if (!answers.some(({ fact }) => fact.status !== null)) return null;
  return reach.state === 'refused' && sockets !== undefined
    ? (wrongListener(
        { member, reach },
        where,
        { sockets, proxy: at(seen.proxyLog), journal: at(seen.hostJournal) },
        service,
      ) ?? closedWay({ member, reach }, where))
    : closedWay({ member, reach }, where);
};

type Out = Pick<Unreached, 'member' | 'reach'>;

/**
 * No member is one of the hosts, by name or address, and the app answers on each of these at the port that the pool asks: a
 * name or a template of the pool leads to other machines, or what we take for the hosts' addresses are not theirs.
 */
const stranger = (
  { member, reach }: Out,
  { appAnswer, balancerMembers }: Pick<Seen, 'appAnswer' | 'balancerMembers'>,
  service: Service,
): Told | null => {
  const { hosts, proxy } = service;
  const isAppPort = member.address?.endsWith(`:${String(servicePort(service))}`) === true;
  const all = balancerMembers.flatMap(({ fact }) => fact.members.filter((each) => !isSetAside(each)));
  if (proxy !== undefined || !isAppPort || all.some((each) => hostOf(each, hosts) !== null)) return null;
  if (appAnswer.length < hosts.length || !appAnswer.every(({ fact }) => isServed(fact))) return null;
  return {
    member,
    quotes: reach.quotes,
    isStopped: false,
    isProven: false,
    words: `${member.name} is ${member.address ?? 'at an unknown address'}, where nobody takes connections, while the app answers on each of its hosts at the same port: the pool leads to other machines, or a firewall refuses`,
  };
};

/**
 * Whoever refuses is there: port-refused tells that. A member that is none of the hosts, as the others are, may never have
 * been there; where none is, they have other names for the balancer.
 */
const lostHost = (
  { member, reach, host }: Unreached,
  where: string,
  { balancerMembers }: Pick<Seen, 'balancerMembers'>,
  { hosts }: Service,
): Told | null => {
  if (reach.state === 'refused') return null;
  const told = { member, quotes: reach.quotes, isStopped: host !== null, isProven: false };
  if (host !== null) return { ...told, words: `${where} answers neither HAProxy nor anybody else` };
  const areOthersKnown = balancerMembers.some(({ fact }) =>
    fact.members.some((other) => hostOf(other, hosts) !== null),
  );
  const who = areOthersKnown ? 'which is none of the hosts' : 'which host that is can not be told';
  return {
    ...told,
    words: `${where} (${member.address ?? 'address unknown'}), ${who}, does not answer HAProxy`,
  };
};

type Listening = {
  sockets: Observed<Facts['listenSockets']>;
  proxy: Observed<Facts['proxyLog']> | undefined;
  journal: Observed<Facts['hostJournal']> | undefined;
};

/** Nothing listens where HAProxy asks, though the app answers: another port, a proxy that is down, loopback only. */
const wrongListener = (
  { member, reach }: Out,
  where: string,
  { sockets, proxy, journal }: Listening,
  service: Service,
): Told | null => {
  const own = servicePort(service);
  const port = Number(/:(\d+)$/.exec(member.address ?? '')?.[1] ?? own);
  const here = listensOn(sockets.fact, port);
  const told = { member, isProven: true, isStopped: false };
  if (here.length === 0 && port !== own) {
    const { who, isStopped, reason, quotes } = absentListener(service, { proxy, journal });
    const words = `${who} on port ${String(port)} of ${where}, where HAProxy sends requests; the app answers on port ${String(own)}${reason}`;
    const isExplained = quotes.length > 0;
    return { ...told, isStopped, isExplained, quotes: [...reach.quotes, ...quotes], words };
  }
  if (!isLoopbackOnly(here)) return null;
  const excerpt = here.map(({ line }) => line).join('\n');
  const words = `on ${where} port ${String(port)} is open on ${here[0]?.address ?? 'loopback'} only, and HAProxy asks ${member.address ?? 'another address'}`;
  return { ...told, quotes: [...reach.quotes, { from: sockets, excerpt }], words };
};

const HOW: Readonly<Record<Reach['state'], string>> = {
  refused: 'refuses connections',
  silent: 'does not answer connections',
  'no-route': 'cannot be routed to',
};

const closedWay = ({ member, reach }: Out, where: string): Told => ({
  member,
  quotes: reach.quotes,
  isStopped: false,
  isProven: reach.witnesses > 1,
  words: `${where} ${HOW[reach.state]} (${member.address ?? member.name}), while the app answers on the host itself: a firewall, or the network between`,
});

import { isBad, UNAVAILABLE } from '../checks/evidence/answers.js';
import { balancerHits } from '../checks/evidence/balancer-lines.js';
import { goesOn, limitLines } from '../checks/evidence/proxy-lines.js';
import type { HaproxyWord } from '../checks/evidence/haproxy-states.js';
import { hostOf, isUsable } from '../checks/evidence/members.js';
import type { Observed } from '../checks/define-check.js';
import type { Service } from '../model/service.js';
import { BalancerLog } from '../probes/balancer-log.js';
import { BalancerMembers } from '../probes/balancer-members.js';
import { HttpAnswer } from '../probes/http-answer.js';
import { memberAnswer } from '../probes/member-answer.js';
import { ProxyLog } from '../probes/proxy-log.js';
import { publicAnswer } from '../probes/public-answer.js';
import type { Observations } from './observe.js';
import { withoutImpatience } from './impatience.js';
import { areAllServed, othersOf, type Others } from './others.js';

/** The shared facts by which a verdict knows the symptom and who said it. */
export type Sightings = {
  /** The public URL, asked three times from the worker. */
  readonly publicAnswers: readonly HttpAnswer[];
  /** The same question (path and Host) at each host's own port. */
  readonly app: readonly HostAnswer[];
  readonly health: readonly HostAnswer[];
  readonly balancer: BalancerMembers | null;
  /** What HAProxy's log says about the very requests of `publicAnswers`. */
  readonly balancerWords: readonly HaproxyWord[];
  /** What it says about everybody's failed requests to the pool in the half minute before. */
  readonly poolWords: readonly HaproxyWord[];
  /** Where our own answers were all good and others' are not. */
  readonly others: Others | null;
  /** The same question at each member of the pool, from where the balancer stands. */
  readonly members: readonly HttpAnswer[];
  /** Those of them that take requests; of one that was late there, what its host answered in the end. */
  readonly membersInUse: readonly HttpAnswer[];
  /** Those of them that answer 502, 503 or 504 while others do not, unless everybody is served all the same. */
  readonly sickMembers: readonly HttpAnswer[];
  /** Hosts of the service with neither an app nor a health answer read. */
  readonly unseenHosts: readonly string[];
};

export type HostAnswer = { readonly host: string; readonly answer: HttpAnswer };

/** What is older was another moment's trouble. Ours. */
const POOL_SECONDS = 30;

export const sightings = (service: Service, seen: Observations): Sightings => {
  const app = hostAnswers(seen.read('appAnswer'));
  const health = hostAnswers(seen.read('healthAnswer'));
  const publicSeen = seen
    .read('publicAnswer')
    .map((observed) => ({ ...observed, fact: publicAnswer.fact.parse(observed.fact) }));
  const logs = seen
    .read('balancerLog')
    .map((observed) => ({ ...observed, fact: BalancerLog.parse(observed.fact) }));
  const proxyLogs = seen
    .read('proxyLog')
    .map((observed) => ({ ...observed, fact: ProxyLog.parse(observed.fact) }));
  const logged = balancerHits(logs, service.balancer?.pool ?? '', publicSeen);
  const seenHosts = new Set([...app, ...health].map(({ host }) => host));
  const log = logs.map(({ fact }) => fact)[0];
  const balancer = seen.read('balancerMembers').map(({ fact }) => BalancerMembers.parse(fact))[0] ?? null;
  const members = seen.read('memberAnswer').flatMap(({ fact }) => memberAnswer.fact.parse(fact).members);
  const usable = balancer?.members.filter(isUsable) ?? [];
  // Who stands by (`backup`) gets nothing while another one is there.
  const serving = usable.some(({ active }) => active > 0)
    ? usable.filter(({ active }) => active > 0)
    : usable;
  const publicAnswers = withoutImpatience(
    publicSeen.flatMap(({ fact }) => fact.answers),
    { app, log, hosts: service.hosts, mostSessions: Math.max(0, ...serving.map(({ sessions }) => sessions)) },
  );
  /** Who asks a host itself waits longer than who asks all members from the balancer. */
  const inTheEnd = (name: string, answer: HttpAnswer): HttpAnswer => {
    const member = serving.find((each) => each.name === name);
    const own = app.find(({ host }) => member !== undefined && host === hostOf(member, service.hosts));
    return answer.failure?.kind === 'timeout' ? (own?.answer ?? answer) : answer;
  };
  const inUse = members
    .filter(({ name }) => serving.some((member) => member.name === name))
    .map(({ name, answer }) => ({ name, answer: inTheEnd(name, answer) }));
  const membersInUse = inUse.map(({ answer }) => answer);
  /** By the app of a member that gets requests, while it answers. */
  const isMet = serving.some((member) =>
    app.some(({ host, answer }) => host === hostOf(member, service.hosts) && isUnavailable(answer)),
  );
  return {
    publicAnswers,
    app,
    health,
    balancer,
    balancerWords: logged.flatMap(({ isOurs, word }) => (isOurs ? [word] : [])),
    poolWords: logged.flatMap(({ ageSeconds, word }) => (ageSeconds <= POOL_SECONDS ? [word] : [])),
    others:
      log === undefined || publicAnswers.some(isBad)
        ? null
        : othersOf(log, service.balancer?.pool ?? '', publicAnswers.length, {
            ...{ sick: namesOfSick(inUse), isMet },
            isLimited: goesOn(limitLines(proxyLogs)),
          }),
    members: members.map(({ answer }) => answer),
    membersInUse,
    sickMembers: sickOf(membersInUse, log),
    unseenHosts: service.hosts.filter((host) => !seenHosts.has(host)),
  };
};

const isUnavailable = ({ status }: HttpAnswer): boolean => status !== null && UNAVAILABLE.has(status);

/** Empty where each of them is. */
const namesOfSick = (inUse: readonly { name: string; answer: HttpAnswer }[]): ReadonlySet<string> => {
  const sick = inUse.filter(({ answer }) => isBad(answer));
  return new Set(sick.length < inUse.length ? sick.map(({ name }) => name) : []);
};

const sickOf = (inUse: readonly HttpAnswer[], log: BalancerLog | undefined): HttpAnswer[] => {
  const sick = inUse.filter(({ status }) => status !== null && UNAVAILABLE.has(status));
  // Where each of them refuses, it is our direct question that is another one than the users'.
  if (sick.length === inUse.length) return [];
  return log !== undefined && areAllServed(log, sick.length / inUse.length) ? [] : sick;
};

const hostAnswers = (observed: readonly Observed<unknown>[]): HostAnswer[] =>
  observed.flatMap(({ target, fact }) =>
    target.kind === 'host' ? [{ host: target.name, answer: HttpAnswer.parse(fact) }] : [],
  );

/** "503", or why there was no answer: "no answer (refused)". */
export const answerWords = ({ status, failure }: HttpAnswer): string =>
  status === null ? `no answer (${failure?.kind ?? 'unknown'})` : String(status);

/** "503", "503 and no answer (refused)", "no answer (refused, reset)". */
export const listOf = (answers: readonly HttpAnswer[]): string => {
  const statuses = answers.flatMap(({ status }) => (status === null ? [] : [String(status)]));
  const silent = answers.flatMap(({ status, failure }) =>
    status === null ? [failure?.kind ?? 'unknown'] : [],
  );
  const unique = (words: readonly string[]): string[] => [...new Set(words)].toSorted();
  const none = silent.length === 0 ? [] : [`no answer (${unique(silent).join(', ')})`];
  return [...unique(statuses), ...none].join(' and ');
};

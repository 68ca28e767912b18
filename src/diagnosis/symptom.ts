import { isBad } from '../checks/evidence/answers.js';
import { isUsable } from '../checks/evidence/members.js';
import type { BalancerMembers } from '../probes/balancer-members.js';
import { countOf, durationWords } from '../model/words.js';
import type { Service } from '../model/service.js';
import type { HttpAnswer } from '../probes/http-answer.js';
import type { Others } from './others.js';
import { answerWords, listOf, type HostAnswer, type Sightings } from './sightings.js';

export type Symptom = {
  /** `unseen`: nothing tells what users get now. */
  readonly state: 'failing' | 'partial' | 'healthy' | 'unseen';
  /** Where it was seen: the nearest to the user that was read. */
  readonly at: 'public' | 'balancer' | 'health' | 'nowhere';
  /** The bad status that most answers had; null when there was none, or no answer at all. */
  readonly status: number | null;
  readonly failed: number;
  readonly asked: number;
  readonly summary: string;
  /** What our own requests got meanwhile, where others got the bad answers. */
  readonly ours?: string;
};

/** "3 of 3 requests got 503, written by HAProxy". */
export const symptomWords = ({ summary, ours, status }: Symptom, writer: string | null): string =>
  [
    summary,
    writer === null || status === null ? '' : `, written by ${writer}`,
    ours === undefined ? '' : `; ${ours}`,
  ].join('');

/** What users get now, by the witness nearest to them: public URL, else balancer, else the hosts' health. */
export const symptomOf = (sightings: Sightings, service: Pick<Service, 'url' | 'balancer'>): Symptom =>
  fromPublic(sightings) ?? fromBalancer(sightings) ?? fromHealth(sightings, service) ?? UNSEEN;

const UNSEEN: Symptom = {
  state: 'unseen',
  at: 'nowhere',
  status: null,
  failed: 0,
  asked: 0,
  summary: 'nothing tells what users get: no answer of the service could be read',
};

const stateOf = (failed: number, asked: number): Symptom['state'] =>
  failed === 0 ? 'healthy' : failed === asked ? 'failing' : 'partial';

const fromPublic = ({
  publicAnswers: answers,
  others,
  membersInUse,
  sickMembers: sick,
}: Sightings): Symptom | null => {
  const [first] = answers;
  if (first === undefined) return null;
  if (others !== null) return fromOthers(others, first);
  const bad = answers.filter(isBad);
  if (bad.length === 0 && sick.length > 0) return fromMembers(sick, membersInUse.length, first);
  const summary =
    bad.length === 0
      ? `answers ${answerWords(first)} in ${durationWords(first.firstByteMs)}`
      : `${requestWords(bad.length, answers.length)} got ${listOf(bad)}`;
  return {
    state: stateOf(bad.length, answers.length),
    at: 'public',
    status: usualStatus(bad),
    failed: bad.length,
    asked: answers.length,
    summary,
  };
};

/** Ours were served by chance, or because they ask for another page. */
const fromOthers = ({ unavailable, asked, status, path }: Others, ours: HttpAnswer): Symptom => ({
  state: 'partial',
  at: 'balancer',
  status,
  failed: unavailable,
  asked,
  summary: `${unavailable} of ${countOf(asked, 'request')} of the last minute got ${status}${path === null ? '' : `, nearly all for ${path}`}`,
  ours: oursWords(ours),
});

/** Our few requests went to others, by chance or in turn. */
const fromMembers = (sick: readonly HttpAnswer[], asked: number, ours: HttpAnswer): Symptom => ({
  state: 'partial',
  at: 'balancer',
  status: usualStatus(sick),
  failed: sick.length,
  asked,
  summary: `${sick.length} of ${countOf(asked, 'member')} in use answer ${listOf(sick)}`,
  ours: oursWords(ours),
});

const oursWords = (ours: HttpAnswer): string =>
  `ours got ${answerWords(ours)} in ${durationWords(ours.firstByteMs)}`;

/**
 * Without a public URL the balancer says whether anybody is served. HAProxy with no usable member answers 503.
 * A sick host that it routes around is no symptom; one that it still uses is (diagnosis 1.4).
 */
const fromBalancer = ({ balancer, health }: Sightings): Symptom | null => {
  if (balancer === null) return null;
  const { members } = balancer;
  const usable = members.filter(isUsable).length;
  const base = { at: 'balancer' as const, asked: members.length };
  if (usable === 0) {
    const summary = `0 of ${countOf(members.length, 'member')} of the pool take requests${queueWords(balancer)}`;
    return { ...base, state: 'failing', status: 503, failed: members.length, summary };
  }
  const sick = health.filter(({ answer }) => isBad(answer));
  const sickInUse = Math.min(usable, Math.max(0, sick.length - (members.length - usable)));
  const summary =
    sickInUse === 0
      ? `${usable} of ${countOf(members.length, 'member')} of the pool take requests${queueWords(balancer)}`
      : `${sickInUse} of ${usable} members in use answer ${listOf(sick.map(({ answer }) => answer))}`;
  return {
    ...base,
    state: stateOf(sickInUse, usable),
    status: usualStatus(sick.map(({ answer }) => answer)),
    failed: sickInUse,
    summary,
  };
};

const queueWords = ({ pool }: BalancerMembers): string =>
  pool.queued === 0 ? '' : `, ${countOf(pool.queued, 'request')} queued`;

/**
 * With no witness in front, every host must have been heard before one may say "healthy". A witness in front that did
 * not answer may have seen what the hosts do not: a pool without members.
 */
const fromHealth = (
  { health, unseenHosts }: Sightings,
  { url, balancer }: Pick<Service, 'url' | 'balancer'>,
): Symptom | null => {
  if (health.length === 0) return null;
  const bad = health.filter(({ answer }) => isBad(answer) || isRefused(answer));
  const front = [...(url === undefined ? [] : [url]), ...(balancer === undefined ? [] : ['the balancer'])];
  const silent = [...unseenHosts, ...front];
  const missing = silent.length === 0 ? '' : `; ${silent.join(', ')} not heard`;
  return {
    state: bad.length === 0 && silent.length > 0 ? 'unseen' : stateOf(bad.length, health.length),
    at: 'health',
    status: usualStatus(bad.map(({ answer }) => answer)),
    failed: bad.length,
    asked: health.length,
    summary: `health check ${healthWords(health, bad, health.length + unseenHosts.length === 1)}${missing}`,
  };
};

/** A 404 or a 401 of the only witness: a balancer would take the host out. */
const isRefused = ({ status }: HttpAnswer): boolean => status !== null && status >= 400;

const healthWords = (health: readonly HostAnswer[], bad: readonly HostAnswer[], only: boolean): string => {
  const first = health[0]?.answer;
  if (bad.length > 0) {
    const share = only ? '' : ` on ${bad.length} of ${countOf(health.length, 'host')}`;
    return `${healthVerb(bad)}${listOf(bad.map(({ answer }) => answer))}${share}`;
  }
  const time = first === undefined ? '' : ` in ${durationWords(first.firstByteMs)}`;
  const share = only ? '' : ` on ${countOf(health.length, 'host')}`;
  return `answers ${listOf(health.map(({ answer }) => answer))}${time}${share}`;
};

/** "answers 503", but "gets no answer". */
const healthVerb = (bad: readonly HostAnswer[]): string =>
  bad.every(({ answer }) => answer.status === null) ? 'gets ' : 'answers ';

/** One request is asked where the first got no answer in time. */
const requestWords = (bad: number, asked: number): string =>
  asked === 1 ? 'the request' : `${bad} of ${countOf(asked, 'request')}`;

/** The status that most of them bear, the higher one of two; null where none has any. */
const usualStatus = (answers: readonly HttpAnswer[]): number | null => usualStatuses(answers)[0] ?? null;

/** Of as many answers each, the highest first; empty where none has a status. */
export const usualStatuses = (answers: readonly HttpAnswer[]): number[] => {
  const counts = new Map<number, number>();
  for (const { status } of answers) if (status !== null) counts.set(status, (counts.get(status) ?? 0) + 1);
  const most = Math.max(0, ...counts.values());
  return [...counts].flatMap(([status, count]) => (count === most ? [status] : [])).toSorted((a, b) => b - a);
};

import { isBad, isRefused, isThrownOut, isUnanswered } from '../checks/evidence/answers.js';
import { isSaidByHaproxy } from '../checks/evidence/haproxy-states.js';
import { isUsable } from '../checks/evidence/members.js';
import type { Hop } from '../model/cause.js';
import type { Service } from '../model/service.js';
import type { HttpAnswer } from '../probes/http-answer.js';
import { isFrontOwn, signatureOf, type Signature } from './hop-signatures.js';
import type { Others } from './others.js';
import type { HostAnswer, Sightings } from './sightings.js';
import { usualStatuses } from './symptom.js';

export type Emitter = {
  readonly hop: Hop | null;
  /** "HAProxy", "nginx", "the app"; null with hop null. */
  readonly writer: string | null;
  /** The marks by which it was known, if it was by marks. */
  readonly signature: Signature['id'] | null;
};

const NOBODY: Emitter = { hop: null, writer: null, signature: null };

/**
 * Who wrote the bad answer: the innermost hop that says it itself (diagnosis 1.1). Marks decide first, then the
 * same question at the next hop, then what is configured in front of the app.
 */
export const emitterOf = (service: Service, sightings: Sightings): Emitter => {
  if (sightings.others !== null) return fromOthers(service, sightings.others, sightings.app);
  const bad = sightings.publicAnswers.filter(isBad);
  if (sightings.publicAnswers.length > 0)
    return bad.length === 0 ? fromMembers(sightings) : fromPublic(service, sightings);
  if (sightings.balancer !== null) return fromBalancer(service, sightings);
  return fromHosts(sightings.health);
};

const fromPublic = (service: Service, sightings: Sightings): Emitter => {
  const bad = sightings.publicAnswers.filter((answer) => answer.status !== null && isBad(answer));
  if (bad.length === 0) return fromSilence(service, sightings);
  // A service that dies gets 502 from nginx at one moment and 503 from the balancer at the next: it is about one of them.
  const statuses: readonly (number | null)[] = usualStatuses(bad);
  const answered = bad.filter(({ status }) => statuses.includes(status));
  const signature = answered.map(signatureOf).find((found) => found !== null);
  const logged = byLog(sightings);
  const saidInside = sightings.app.some(
    ({ answer }) => !isFrontOwn(answer) && statuses.includes(answer.status),
  );
  // `proxy_intercept_errors` lays nginx's status line and page over what the app said.
  if (signature?.id === 'nginx-with-a-page' && saidInside) return APP;
  if (signature !== undefined)
    return signature.id === 'haproxy' && logged === 'behind' ? SECOND : bySignature(signature);
  if (logged === 'balancer') return BALANCER;
  if (saidInside) return APP;
  return logged === 'behind' ? behindBalancer(service) : inFront(service, sightings);
};

/** Fewer may be one client's bad luck. Ours. */
const ENOUGH = 3;

/**
 * We did not wait long enough for an answer; others did, and it was HAProxy that gave up on each of them. Or it accepts
 * nobody any more, or is not there.
 */
const fromSilence = (
  service: Service,
  { poolWords, balancer, publicAnswers, app, health }: Sightings,
): Emitter => {
  const gaveUp = poolWords.length >= ENOUGH && poolWords.every(isSaidByHaproxy);
  const isFull = balancer !== null && balancer.fullFrontends.length > 0 && isUnanswered(publicAnswers);
  const inner = [...app, ...health];
  const fewAreSick =
    inner.length === 0 || inner.filter(({ answer }) => isBad(answer)).length < inner.length / 2;
  const takesNobody =
    service.balancer !== undefined &&
    publicAnswers.every((answer) => isRefused(answer) || isThrownOut(answer));
  return gaveUp || ((isFull || takesNobody) && fewAreSick) ? BALANCER : NOBODY;
};

/**
 * Ours went to others, by chance or in turn: what a member that takes requests answers is what some users get. Where
 * several answer badly in different manners no one wrote it all.
 */
const fromMembers = ({ sickMembers, membersInUse, app }: Sightings): Emitter => {
  const [first, ...rest] = sickMembers;
  const isOneManner =
    membersInUse.filter(isBad).length === sickMembers.length &&
    rest.every(({ status }) => status === first?.status);
  if (first === undefined || !isOneManner || !sickMembers.every(mayBeOfApp)) return NOBODY;
  return app.some(({ answer }) => !isFrontOwn(answer) && answer.status === first.status) ? APP : NOBODY;
};

const mayBeOfApp = (answer: HttpAnswer): boolean => {
  const signature = signatureOf(answer);
  return signature === null || signature.hop === 'app' || signature.id === 'nginx-with-a-page';
};

/** HAProxy's log names who ended our own request, also behind a page that was written by hand (1.1 step 2). */
const byLog = ({ balancerWords }: Sightings): 'balancer' | 'behind' | null => {
  if (balancerWords.some(isSaidByHaproxy)) return 'balancer';
  return balancerWords.includes('passed-on') ? 'behind' : null;
};

/** Answers that only others got: of those from behind it is not known who wrote them, where two may have. */
const fromOthers = (service: Service, { words, status }: Others, app: Sightings['app']): Emitter => {
  const own = words.filter(isSaidByHaproxy).length;
  if (own * 2 > words.length) return BALANCER;
  if (app.some(({ answer }) => answer.status === status && !isFrontOwn(answer))) return APP;
  return service.proxy === undefined ? APP : NOBODY;
};

const BALANCER: Emitter = { hop: 'balancer', writer: 'HAProxy', signature: null };
/** The same page behind two of its kind. */
const SECOND: Emitter = { hop: 'proxy', writer: 'another HAProxy behind the balancer', signature: null };

const behindBalancer = ({ proxy }: Service): Emitter =>
  proxy === undefined ? APP : { hop: 'proxy', writer: 'nginx', signature: null };

const APP: Emitter = { hop: 'app', writer: 'the app', signature: null };

const bySignature = ({ hop, writer, id }: Signature): Emitter => ({ hop, writer, signature: id });

/** The app did not say it, and the answer bears no marks: the outermost configured front did. */
const inFront = ({ balancer, proxy }: Service, { balancer: view, app }: Sightings): Emitter => {
  const memberLess = view !== null && !view.members.some(isUsable);
  if (balancer !== undefined && (memberLess || proxy === undefined)) {
    return { hop: 'balancer', writer: 'HAProxy', signature: null };
  }
  if (proxy !== undefined) return { hop: 'proxy', writer: 'nginx', signature: null };
  return app.length === 0 ? APP : NOBODY;
};

const fromBalancer = (service: Service, sightings: Sightings): Emitter => {
  if (sightings.balancer?.members.some(isUsable) === true) return fromHosts(sightings.health);
  return {
    hop: 'balancer',
    writer: service.balancer === undefined ? 'the balancer' : 'HAProxy',
    signature: null,
  };
};

const fromHosts = (answers: readonly HostAnswer[]): Emitter => {
  const bad = answers.map(({ answer }) => answer).filter((answer) => answer.status !== null && isBad(answer));
  const [first] = bad;
  if (first === undefined) return NOBODY;
  const signature = signatureOf(first);
  return signature === null ? APP : bySignature(signature);
};

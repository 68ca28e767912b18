import { hostOf, type Member } from '../checks/evidence/members.js';
import type { Finding } from '../model/finding.js';
import type { Case } from './case.js';
import { workersWait, type When } from './causal-rules.js';

/**
 * 3.1: requests that nobody works off each keep a session of HAProxy. Those of a host fill the frontend where it holds
 * most of what the pool does, or far more than any other; those of the pool where they are most of the frontend's.
 */
export const fillsFrontend: When = (given, _downstream, upstream) =>
  poolFillsFrontend(given) && (upstream?.target.kind !== 'host' || holdsMost(given, upstream));

/** What makes requests wait holds their sessions; what fails at once holds none. */
export const waitFillsFrontend: When = (given, downstream, upstream) =>
  workersWait(given, downstream, upstream) && poolFillsFrontend(given);

/** Is the frontend full of requests that wait for this? Also before an app that serves our own page well: other pages wait. */
export const fillsFrontendWith = (given: Case, { check }: Finding): boolean =>
  WAITED_FOR.includes(check) &&
  poolFillsFrontend(given) &&
  given.findings.some((finding) => finding.check === 'frontend-full' && finding.confidence !== 'possible');

export const WAITED_FOR = [
  'dependency-slow',
  'sessions-blocked-by-lock',
  'app-pool-exhausted',
  'pooler-queue-waiting',
];

const poolFillsFrontend = ({ sightings: { balancer } }: Case): boolean => {
  const [full] = balancer?.fullFrontends ?? [];
  if (balancer === null || full === undefined) return false;
  return heldBy(balancer.members) + balancer.pool.queued > full.sessions / 2;
};

const holdsMost = ({ service, sightings, findings }: Case, { check }: Finding): boolean => {
  const hosts = findings.flatMap((finding) => (finding.check === check ? [finding.target.name] : []));
  const members = sightings.balancer?.members ?? [];
  const isOfThem = (member: Member): boolean => hosts.includes(hostOf(member, service.hosts) ?? '');
  const own = members.filter(isOfThem);
  const others = members.filter((member) => !isOfThem(member));
  const standsOut = own.every((member) =>
    others.every((other) => heldBy([member]) >= STANDS_OUT * heldBy([other])),
  );
  return own.length > 0 && (heldBy(own) > heldBy(others) || standsOut);
};
/** Ours: members take requests in turn, so a sound one has about as many as the next. */
const STANDS_OUT = 2;

/** With those that wait for just this member. */
const heldBy = (members: readonly Pick<Member, 'sessions' | 'queued'>[]): number =>
  members.reduce((sum, { sessions, queued }) => sum + sessions + queued, 0);

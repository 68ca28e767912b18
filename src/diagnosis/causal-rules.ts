import { isByRelease, nameStartupError, type StartupError } from '../checks/startup-errors.js';
import { hostOf as hostOfMember, isDown, wereRefused } from '../checks/evidence/members.js';
import { codeErrorIn } from '../checks/evidence/code-errors.js';
import type { Finding, WorkersDoing } from '../model/finding.js';
import { LIMIT_WORDS } from './limit-words.js';
import { badHosts, goodHosts, hasFailed, textOf, type Case } from './case.js';
import { DATABASE, mentions } from './naming.js';

/**
 * May an upstream finding explain a downstream one? Each is a rule of diagnosis 3.2 under its number.
 * `upstream` is null when the question is "could it, if it were there?" (an unknown check).
 */
export type When = (given: Case, downstream: Finding, upstream: Finding | null) => boolean;

/** R1: the start-up log names what it could not reach: that one, or nothing in particular. */
export const namesDependency: When = (given, downstream, upstream) => {
  const text = textOf(downstream);
  const error = startupErrorOf(downstream);
  // "No module named 'redis'" speaks of a package, not of the cache.
  if (error !== null && error.kind !== 'dependency-refused') return false;
  const named = namesOf(given).filter((name) => mentions(given, name, text));
  if (named.length > 0 && upstream?.target.kind === 'dependency') return named.includes(upstream.target.name);
  return error !== null;
};
const namesOf = ({ service }: Case): string[] => [
  ...(service.database === undefined ? [] : [DATABASE]),
  ...service.dependencies.map(({ name }) => name),
];
const startupErrorOf = (finding: Finding): StartupError | null =>
  nameStartupError(textOf(finding).split('\n'));

/** R1: it runs and takes no connection yet, on a host from which the dependency does not answer. */
export const loadsWithout: When = (_given, downstream, upstream) =>
  /has not taken a connection yet/.test(downstream.summary) &&
  (upstream === null || failsFrom(upstream).has(downstream.target.name));

/** R8, 2.6: who refuses the connection itself waits for nobody. */
export const isAskedAndReaches: When = (given, downstream, upstream) =>
  !/no answer: Connection refused/.test(downstream.summary) && sharedReaches(given, downstream, upstream);

/** R1 for slots: the start-up log holds PostgreSQL's refusal. */
export const namesRefusedSlots: When = (_given, downstream) =>
  /too many clients|remaining connection slots|too many connections|53300|connection pool/i.test(
    textOf(downstream),
  );

/** R2: the unit's own words are of an OOM kill, or it was killed or just gone while its memory is proven to be the matter. */
export const namesOom: When = (_given, downstream, upstream) => {
  const text = textOf(downstream);
  if (OOM.test(text)) return true;
  if (upstream === null || !OOM.test(textOf(upstream))) return false;
  return KILLED.test(text) || (upstream.confidence === 'confirmed' && startupErrorOf(downstream) === null);
};
const OOM = /oom[- ]?kill|out of memory|OOM killer/i;
const KILLED = /status=9\/KILL|code=killed|signal 9|SIGKILL/;

/** R3: the start failed for something that only a release brings. */
export const namesBrokenRelease: When = (_given, downstream) => {
  const error = startupErrorOf(downstream);
  return error !== null && isByRelease(error);
};

/** 2.4: who takes every member out and then stops what runs there wanted to put something else in its place. */
export const setAsideThenStopped: When = (_given, downstream, upstream) =>
  upstream?.confidence === 'confirmed' && /it was stopped/.test(downstream.summary);

/** R11: good and bad hosts differ by their release: the strongest natural experiment (2.4). */
export const badAsReleased: When = (_given, _downstream, upstream) => upstream?.confidence === 'confirmed';

/**
 * R4: busy workers that do not compute are waiting. What the workers do decides; where that is not known, a saturated
 * CPU of the host speaks for overload. A neighbour that eats the CPU does not make waiting workers overloaded.
 */
export const workersWait: When = (given, downstream) => {
  const doing = workersOn(given, downstream);
  if (doing.has('compute') || doing.has('starve')) return false;
  if (doing.has('wait')) return true;
  return !hasFailed(given, ['cpu-saturated'], hostOf(downstream));
};

/** R5: want of CPU or memory holds workers up, unless these are seen to wait for something else. */
export const workersStarve: When = (given, downstream) => !workersOn(given, downstream).has('wait');

/** R5: the workers themselves compute: load, not a leak. */
export const workersCompute: When = (given, downstream, upstream) =>
  noLeak(given, downstream, upstream) && workersOn(given, downstream).has('compute');

const hostOf = ({ target }: Finding): string | undefined =>
  target.kind === 'host' ? target.name : undefined;
const workersOn = ({ findings }: Case, finding: Finding): ReadonlySet<WorkersDoing> =>
  new Set(
    findings.flatMap(({ target, workers }) =>
      workers !== undefined && (hostOf(finding) ?? target.name) === target.name ? [workers] : [],
    ),
  );

/** 2.1: want of CPU or memory makes an answer late; a prompt 503 has another reason. */
export const lateOrSilent: When = (given, downstream, upstream) => {
  if (!workersStarve(given, downstream, upstream)) return false;
  const { check, target } = downstream;
  const { health } = given.sightings;
  if (check === 'health-endpoint-slow') return !wereRefused(given.sightings.balancer?.members ?? []);
  const own = health.find(({ host }) => host === target.name)?.answer;
  if (own === undefined) return true;
  return own.status === null
    ? own.failure?.kind === 'timeout'
    : own.status === 504 || own.firstByteMs >= LATE_MS;
};
export const LATE_MS = 1000;

/** R8: the balancer's check met the queue, itself or through a proxy that waited for the app in its place. */
export const checkWaitedInVain: When = (_given, downstream) =>
  /L[467]TOUT|L7STS 50[24]/.test(downstream.summary);

/** R11, and more than a hint. */
export const provenAndReaches: When = (given, downstream, upstream) =>
  upstream?.confidence !== 'possible' && sharedReaches(given, downstream, upstream);

/** 1.1: its workers are there, and wait for the app. */
export const proxyWaits: When = (_given, downstream) => downstream.cause !== 'not-started';

/** R8: the balancer's check waited for what says nothing, or late, on the way through the app. A connection waits for the kernel only. */
export const checkWaitedForSilent: When = (_given, downstream, upstream) =>
  /L7TOUT|L7STS 50[24]/.test(downstream.summary) && (upstream === null || upstream.byLatency === true);

/** R8: slots that come and go. The check met the app's own 503 where our request found one free. */
export const checkMetRefusal: When = (_given, downstream, upstream) =>
  /L7(?:STS(?: 50[03])?|TOUT)\)/.test(downstream.summary) && upstream?.confidence !== 'possible';

/** R5, R7: nobody holds the slots without using them; then they are used up by load or by slow queries. */
export const noLeak: When = (given) => !hasFailed(given, ['idle-in-transaction', 'sessions-blocked-by-lock']);

/** R6: what blocks is a change of the schema, by its own words or by when it began. */
export const blockedByMigration: When = (_given, downstream, upstream) =>
  downstream.cause === 'deployment' || beganTogether(downstream, upstream);

/**
 * A migration opens its transaction when it starts; the statement that it is at by now may be any. Ours: a tool needs
 * some seconds to load and connect.
 */
const STARTS_WITHIN_MS = 30_000;

const beganTogether = (lock: Finding, rollout: Finding | null): boolean =>
  rollout?.since !== undefined &&
  lock.since !== undefined &&
  /\bmigrat/i.test(textOf(rollout)) &&
  Math.abs(Date.parse(lock.since) - Date.parse(rollout.since)) <= STARTS_WITHIN_MS;

/** R6: what blocks sits idle in its transaction. */
export const blockedByIdle: When = (given, downstream, upstream) =>
  /idle in transaction/i.test(textOf(downstream)) && !blockedByMigration(given, downstream, upstream);

/** 2.4: it fails with an error of code or schema, whoever is named in it. */
export const fromCode: When = (_given, downstream) => codeErrorIn(textOf(downstream)) !== null;

/** A hint is no consequence of anything. */
export const likelyNotFromCode: When = (given, downstream, upstream) =>
  downstream.confidence !== 'possible' && !fromCode(given, downstream, upstream);

/** 3.1: the run ended because it got no more files, threads or ports. */
export const namesLimit: When = (_given, downstream, upstream) =>
  upstream !== null && (LIMIT_WORDS[upstream.check]?.test(textOf(downstream)) ?? false);

export const isDatabase: When = (_given, { target }) =>
  target.kind === 'dependency' && target.name === DATABASE;

/** 2.5: a login refused for want of slots is exhaustion, not a failing database. */
export const databaseRefusesSlots: When = (...args) => isDatabase(...args) && namesRefusedSlots(...args);

/** 3.1: that our own login is late tells of a server without a slot; long statements have another reason, but for a leak. */
export const slowThroughLeak: When = (given, downstream, upstream) =>
  isDatabase(given, downstream, upstream) &&
  (downstream.byLatency === true || !noLeak(given, downstream, upstream));

/** 3.1: who waits at the pooler has not reached the database. */
export const queuedBeforeDatabase: When = (_given, downstream, upstream) =>
  downstream.target.name === DATABASE && upstream !== null && /\(PAUSE/.test(upstream.summary);

/** R7: statements that take long hold connections; a late login of ours holds none. */
export const slowDatabaseWithoutLeak: When = (given, downstream, upstream) =>
  (upstream === null || (isDatabase(given, upstream, null) && upstream.byLatency !== true)) &&
  noLeak(given, downstream, upstream);

/** 2.5, R7: who keeps a connection of the pool while it asks another service keeps it for as long as that one takes. */
export const slowPartWithoutLeak: When = (given, downstream, upstream) =>
  (upstream === null || (!isDatabase(given, upstream, null) && upstream.byLatency === true)) &&
  noLeak(given, downstream, upstream) &&
  sharedReaches(given, downstream, upstream);

/** R11: a fault that all hosts share does not explain one bad host among good ones, unless that host names it. */
export const sharedReaches: When = (given, downstream, upstream) =>
  (upstream !== null && failsFrom(upstream).has(downstream.target.name)) ||
  goodHosts(given).length === 0 ||
  badHosts(given).size === 0 ||
  downstream.target.kind !== 'host' ||
  (upstream?.target.kind === 'dependency' && mentions(given, upstream.target.name, textOf(downstream)));

/** The hosts from which a dependency was seen to fail. */
export const failsFrom = ({ evidence }: Finding): ReadonlySet<string> =>
  new Set(evidence.flatMap(({ host }) => host ?? []));

/** R4 for a dependency: waiting workers, and R11. */
export const workersWaitForShared: When = (...args) => workersWait(...args) && sharedReaches(...args);

/** 2.6: the server whose words the app passes on is of the dependency's kind. */
export const refusedByThat: When = ({ service }, downstream, upstream) => {
  if (upstream === null) return true;
  const { name } = upstream.target;
  const kind = name === DATABASE ? 'postgres' : service.dependencies.find((each) => each.name === name)?.kind;
  const marks = { postgres: /PostgreSQL|PgBouncer/, redis: /Redis/, http: null, tcp: null };
  return kind !== undefined && marks[kind]?.test(downstream.summary) === true;
};

/** 2.6: whom the app misses is on this host, or answers whoever else asks. */
export const isMissedHere: When = (_given, { summary }) =>
  /cannot reach (?:localhost|127\.|\[?::1)/.test(summary) || summary.includes('it answers');

/** 2.2: those that the balancer holds down are the ones that are restarted all the time. A lost host says neither. */
export const areTheRestarted: When = (given) => {
  const lost = new Set(given.hosts.flatMap(({ name, reached }) => (reached ? [] : [name])));
  const down = (given.sightings.balancer?.members.filter(isDown) ?? [])
    .map((member) => hostOfMember(member, given.service.hosts))
    .filter((host) => host === null || !lost.has(host));
  return (
    down.length > 0 &&
    down.every((host) => host !== null && hasFailed(given, ['unit-restarted-repeatedly'], host))
  );
};

/** 2.6: what the app blames is that dependency, or the database whose connections are gone. */
export const blamesThat: When = (given, downstream, upstream) => {
  if (upstream === null) return true;
  const { target, cause } = upstream;
  const name = target.kind === 'dependency' ? target.name : cause === 'dependency' ? null : DATABASE;
  return name === null || mentions(given, name, downstream.summary);
};

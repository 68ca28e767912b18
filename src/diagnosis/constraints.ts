import { isBad, isSilent } from '../checks/evidence/answers.js';
import { areWaitedFor, isUsable, wereRefused } from '../checks/evidence/members.js';
import type { Finding } from '../model/finding.js';
import { appWroteOurs, badHosts, hasFailed, textOf, type Case } from './case.js';
import { HEALTH_SYMPTOMS, NOT_RUNNING, SLOTS } from './check-groups.js';
import { failsFrom, LATE_MS, loadsWithout } from './causal-rules.js';
import { isNamed } from './naming.js';
import { fillsFrontendWith } from './held-sessions.js';
import { isFrontOwn } from './hop-signatures.js';

/** What the emitter makes impossible (diagnosis 1.2). An excluded finding stays a finding; it explains nothing. */
export type Constraint = {
  readonly id: string;
  readonly rule: string;
  /** Why not, for the reader of a card. */
  readonly because: string;
  excludes(given: Case, finding: Finding): boolean;
};

export const CONSTRAINTS: readonly Constraint[] = [
  {
    id: 'nginx-503-is-deliberate',
    rule: '1.2: nginx answers 503 of its own only for a rate limit or `return 503`; a dead app behind it is 502. Also of a file that it misses (`try_files`), which a release may lack',
    because: 'nginx wrote this 503 itself, and it does so only on purpose',
    excludes: (given, { cause, check }) =>
      nginxSaid(given, [503]) &&
      cause !== 'deliberate' &&
      // It is told of with 500, and `error_page` may make any status of that.
      check !== 'auth-request-failing' &&
      !(check === 'release-skew' && missesFiles(given)),
  },
  {
    id: 'nginx-502-is-not-deliberate',
    rule: '1.2: nginx answers 500, 502 and 504 of its own for what is behind it',
    because: 'nginx wrote an error about what is behind it, not a refusal',
    excludes: (given, { cause }) => nginxSaid(given, [500, 502, 504]) && cause === 'deliberate',
  },
  {
    id: 'app-answers-well',
    rule: '1.1: the same question at every host is answered well, so the trouble is in front of the hosts',
    because: 'every host answers the same request well',
    excludes: (given, finding) =>
      BEHIND.has(finding.cause) &&
      !BEFORE_HOSTS.has(finding.check) &&
      appAnswersWell(given) &&
      !areQueued(given) &&
      !fillsFrontendWith(given, finding) &&
      !isSilentAtTimes(given, finding),
  },
  {
    id: 'app-answered',
    rule: '2.2: where the app answered, it runs',
    because: 'the app answers, so it runs',
    excludes: (given, { check, target }) =>
      NOT_RUNNING.has(check) && target.kind === 'host' && appAnswered(given, target.name),
  },
  {
    id: 'start-is-work',
    rule: '2.1, 2.2: a unit that dies and starts again burns CPU itself, and so does one whose workers are killed for memory',
    because: 'what is killed or ends, and starts again and again, uses the CPU itself',
    excludes: (given, { check, target }) =>
      check === 'cpu-saturated' &&
      (hasFailed(given, WORK_OF_STARTS, target.name) || loadsInVain(given, target.name)),
  },
  {
    id: 'answered-promptly',
    rule: '2.1: want of CPU makes an answer late; a prompt 503 of an app whose workers want no core has another reason',
    because: 'the app itself answers at once, and its workers want no core',
    excludes: (given, { check, workers }) =>
      check === 'cpu-saturated' && workers !== 'compute' && workers !== 'starve' && appRefusesPromptly(given),
  },
  {
    id: 'code-fails',
    rule: '2.1, 2.4: want of CPU makes an answer late, and no error of code',
    because: 'an error of code fails the requests, whatever the CPU does',
    excludes: (given, { check, target }) =>
      check === 'cpu-saturated' && hasFailed(given, ['release-erring'], target.name),
  },
  {
    id: 'asked-by-a-slow-host',
    rule: '2.1, 2.6: who has no core to spare gets every answer late; slow is then only what the app waits for or names',
    because: 'the host that asked has no core to spare, so every answer is late there',
    excludes: (given, finding) =>
      finding.byLatency === true &&
      allAreSlow(given, finding) &&
      askedByStarvedHosts(given, finding) &&
      !isNamed(given, finding),
  },
  {
    id: 'app-said-it',
    rule: '1.1: the app itself said it, so the request found its way',
    because: 'the app itself wrote the answer, so the request got there',
    excludes: ({ emitter }, { cause }) => emitter.hop === 'app' && cause === 'routing',
  },
  {
    id: 'limit-is-elsewhere',
    rule: '1.2: what nginx limits, nginx refuses itself; another wrote this answer',
    because: 'another wrote this answer, not what limits',
    excludes: ({ emitter }, { check, cause }) =>
      cause === 'deliberate' &&
      NGINX_LIMITS.has(check) &&
      (emitter.hop === 'app' || emitter.signature === 'haproxy'),
  },
  {
    id: 'check-had-its-answer',
    rule: 'R8: a check that was answered and refused the answer did not wait for it',
    because: 'the balancer had its answer in time and refused it',
    excludes: ({ sightings: { balancer } }, { check }) =>
      check === 'health-endpoint-slow' && wereRefused(balancer?.members ?? []),
  },
  {
    id: 'health-check-is-right',
    rule: 'R8: a health check is no root where real requests fail too',
    because: 'real requests fail too, so the health check is right',
    excludes: (given, { check, target }) =>
      (HEALTH_SYMPTOMS.has(check) && target.kind === 'host' && realRequestsFail(given, target.name)) ||
      (check === 'health-flapping' && appWroteOurs(given)),
  },
];

/** Workers that cannot boot without what they ask for end and are started again, under a main process that stays. */
const loadsInVain = (given: Case, host: string): boolean =>
  given.findings.some(
    (starting) =>
      starting.check === 'unit-starting' &&
      starting.target.name === host &&
      given.findings.some(
        (needed) => needed.check === 'dependency-unreachable' && loadsWithout(given, starting, needed),
      ),
  );

const WORK_OF_STARTS = ['unit-crash-looping', 'unit-restarted-repeatedly', 'memory-exhausted'];
const NGINX_LIMITS: ReadonlySet<string> = new Set(['rate-limited', 'concurrency-limited']);
const BEHIND: ReadonlySet<string> = new Set(['not-started', 'database-connections', 'dependency']);
/** Between users and hosts, whatever their cause is. */
const BEFORE_HOSTS: ReadonlySet<string> = new Set([
  'member-unreachable',
  'proxy-not-answering',
  'balancer-not-listening',
  'auth-request-failing',
]);

/** What nginx makes of a file that it misses (`try_files … =503`) may be a release's, unless more is known of it. */
const missesFiles = ({ findings }: Case): boolean => {
  const deliberate = findings.filter(({ cause }) => cause === 'deliberate');
  return (
    deliberate.some(({ summary }) => summary.includes('try_files')) &&
    deliberate.every(({ confidence }) => confidence === 'possible')
  );
};

const nginxSaid = ({ emitter, symptom }: Case, statuses: readonly number[]): boolean =>
  emitter.signature === 'nginx' && symptom.status !== null && statuses.includes(symptom.status);

const appAnswersWell = (given: Case): boolean =>
  given.sightings.publicAnswers.some(isBad) &&
  given.sightings.app.length === given.service.hosts.length &&
  badHosts(given).size === 0 &&
  // What users got was the app's own word: it answers well at times.
  given.emitter.hop !== 'app' &&
  // An app that stalls answers well at one moment and not at another.
  !given.sightings.members.some(isSilent);

/** Requests of other pages hold each place that the balancer may fill: ours is answered well, and these are not. */
const areQueued = ({ findings }: Case): boolean =>
  findings.some(
    ({ check, cause, confidence }) =>
      check === 'concurrency-limited' && cause === 'overload' && confidence !== 'possible',
  );

/**
 * What is silent for seconds and prompt in between, or slots that are full and free in turn: the balancer's check met the
 * one, our request the other.
 */
const isSilentAtTimes = (
  { sightings: { balancer } }: Case,
  { byLatency, check, confidence }: Finding,
): boolean =>
  (byLatency === true || SLOTS.includes(check)) &&
  confidence === 'confirmed' &&
  areWaitedFor(balancer?.members ?? []) &&
  // While one takes requests, HAProxy's own 503 does not come of its checks.
  !balancer?.members.some(isUsable);

/** Through a front on the same port the app is not heard: its 502 is nginx's. */
const appAnswered = ({ sightings: { app, health } }: Case, host: string): boolean =>
  [...app, ...health].some(
    (item) => item.host === host && item.answer.status !== null && !isFrontOwn(item.answer),
  );

const appRefusesPromptly = ({ emitter, sightings: { app } }: Case): boolean => {
  const bad = app.filter(({ answer }) => isBad(answer));
  return (
    emitter.hop === 'app' &&
    bad.length > 0 &&
    bad.every(({ answer }) => answer.status !== null && answer.firstByteMs < LATE_MS)
  );
};

/** Another's answer in time, be it from one place only, clears those who asked. */
const allAreSlow = ({ evaluations }: Case, { check }: Finding): boolean => {
  const judged = evaluations
    .filter((item) => item.check === check)
    .flatMap(({ outcome }) => {
      if (outcome.status === 'failed') return [outcome.finding.confidence !== 'possible'];
      return outcome.status === 'passed' ? [false] : [];
    });
  return judged.length > 1 && judged.every(Boolean);
};

/** Whether or not the service's own workers want a core: whoever asked from there did. */
const askedByStarvedHosts = ({ findings }: Case, finding: Finding): boolean => {
  const hosts = [...failsFrom(finding)];
  const isStarved = (host: string): boolean =>
    findings.some(({ check, target }) => check === 'cpu-saturated' && target.name === host);
  return hosts.length > 0 && hosts.every(isStarved);
};

const realRequestsFail = ({ sightings: { app } }: Case, host: string): boolean =>
  app.some((item) => item.host === host && isBad(item.answer));

export const exclusionOf = (given: Case, finding: Finding): Constraint | undefined =>
  CONSTRAINTS.find((constraint) => constraint.excludes(given, finding));

export const isExcluded = (given: Case, finding: Finding): boolean =>
  exclusionOf(given, finding) !== undefined;

/** R9: a refusal on purpose at the very hop that wrote the answer, or a request that this hop could lead nowhere. */
export const isAtEmitter = (given: Case, { cause, confidence, ...finding }: Finding): boolean => {
  if (finding.check === 'no-route-matched')
    return given.emitter.hop === 'balancer' && confidence === 'confirmed';
  if (cause !== 'deliberate' || confidence === 'possible') return false;
  const text = textOf({ cause, confidence, ...finding });
  switch (given.emitter.hop) {
    case 'balancer':
      return finding.target.kind === 'balancer' || /haproxy|maint|drain|deny/i.test(text);
    case 'app':
      return confidence === 'confirmed' && badHosts(given).size > 0;
    case 'proxy':
    case 'edge':
      return true;
    case null:
      return false;
  }
};

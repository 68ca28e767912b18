import {
  badAsReleased,
  blamesThat,
  blockedByMigration,
  blockedByIdle,
  checkWaitedForSilent,
  checkWaitedInVain,
  databaseRefusesSlots,
  namesBrokenRelease,
  namesDependency,
  namesDisk,
  namesLimit,
  namesOom,
  namesRefusedSlots,
  refusedByThat,
  fromCode,
  lateOrSilent,
  loadsWithout,
  queuedBeforeDatabase,
  setAsideThenStopped,
  sharedReaches,
  slowDatabaseWithoutLeak,
  slowThroughLeak,
  workersCompute,
  workersStarve,
  workersWait,
  workersWaitForShared,
  type When,
} from './causal-rules.js';
import { portIsTaken } from './strangers.js';

/** "If one of `from` and one of `to` failed, the second is a consequence of the first" (diagnosis 3.1 and 3.2). */
export type Edge = {
  readonly rule: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly when?: When;
};

const PRESSURE = ['cpu-saturated', 'memory-exhausted'];
const LIMITS = ['file-descriptors-exhausted', 'kernel-table-full', 'tasks-exhausted'];
const STOPPED = [
  'unit-inactive',
  'unit-failed',
  'unit-crash-looping',
  'unit-starting',
  'unit-stopping',
  'unit-missing-or-masked',
];
const QUEUES = ['workers-busy', 'accept-queue-full'];
const SLOTS = ['connections-exhausted', 'app-pool-exhausted', 'pooler-queue-waiting'];
/** The app's own words on being refused, by whatever stands upstream. */
const REFUSED = ['app-refused-connection', 'app-refused-by-dependency'];
const DEPENDENCIES = [
  'dependency-unreachable',
  'dependency-failing',
  'dependency-slow',
  'certificate-expired',
];
/** Also what only the app itself names. */
const BLAMED = 'app-blames-dependency';
const NEEDED = [...DEPENDENCIES, 'undeclared-dependency', BLAMED];
const ROLLOUT = ['rollout-in-progress', 'release-skew'];
/** A release whose mechanism is proven (2.4). */
const BAD_RELEASE = 'release-failing';
const HEALTH = ['health-endpoint-failing', 'health-endpoint-slow', 'health-flapping'];
const OUT_OF_POOL = ['health-flapping', 'pool-without-members'];
/** Connections of the balancer that do not arrive (1.4: `SC`, `sC`, L4CON, L4TOUT). */
const UNREACHED = 'member-unreachable';

/** Upstream first. A new check gets its place in the order here and nowhere else. */
export const EDGES: readonly Edge[] = [
  // R2, 3.1: memory, disk and other limits of the host
  { rule: 'R2', from: ['memory-exhausted'], to: [...STOPPED, 'port-not-listening'], when: namesOom },
  { rule: '3.1', from: ['disk-full'], to: [...STOPPED, ...DEPENDENCIES, ...HEALTH], when: namesDisk },
  { rule: '3.1', from: LIMITS, to: [...QUEUES, ...HEALTH] },
  { rule: '3.1', from: LIMITS, to: [...STOPPED, 'port-not-listening'], when: namesLimit },
  { rule: 'R5', from: PRESSURE, to: [...QUEUES, 'concurrency-limited'], when: workersStarve },
  { rule: '2.1', from: PRESSURE, to: HEALTH, when: lateOrSilent },
  // R3, R6, R10: a deploy is upstream only through a mechanism
  { rule: 'R3', from: ROLLOUT, to: [...STOPPED, 'port-not-listening', ...HEALTH], when: namesBrokenRelease },
  {
    rule: 'R3',
    from: ['rollout-in-progress'],
    to: ['unit-starting', 'unit-stopping', 'unit-inactive', 'port-not-listening', 'member-draining'],
  },
  { rule: '2.4', from: ['member-draining'], to: ['unit-inactive'], when: setAsideThenStopped },
  { rule: 'R3', from: ROLLOUT, to: [BAD_RELEASE] },
  {
    rule: 'R11',
    from: ['release-skew'],
    to: [...STOPPED, 'port-not-listening', ...HEALTH],
    when: badAsReleased,
  },
  { rule: '2.4', from: ['release-erring'], to: [...HEALTH, BLAMED], when: fromCode },
  { rule: 'R3', from: ['release-skew'], to: ['release-erring'] },
  { rule: 'R3', from: [BAD_RELEASE], to: [...STOPPED, 'port-not-listening', ...HEALTH] },
  { rule: 'R6', from: ROLLOUT, to: ['sessions-blocked-by-lock'], when: blockedByMigration },
  // R6: who holds the slots
  { rule: 'R6', from: ['idle-in-transaction'], to: ['sessions-blocked-by-lock'], when: blockedByIdle },
  { rule: 'R6', from: ['idle-in-transaction', 'sessions-blocked-by-lock'], to: SLOTS },
  { rule: '3.1', from: ['connections-exhausted'], to: ['app-pool-exhausted', 'pooler-queue-waiting'] },
  { rule: '3.1', from: ['pooler-queue-waiting'], to: ['app-pool-exhausted'] },
  // Our own question waits in the same queue
  { rule: '3.1', from: ['pooler-queue-waiting'], to: ['dependency-slow'], when: queuedBeforeDatabase },
  // 2.5: the refusal of our own login is exhaustion, not an unreachable database
  { rule: '2.5', from: ['connections-exhausted'], to: ['dependency-failing'], when: databaseRefusesSlots },
  {
    rule: '3.1',
    from: ['connections-exhausted', 'sessions-blocked-by-lock'],
    to: ['dependency-slow'],
    when: slowThroughLeak,
  },
  // R5, R7: slots used up by load or by slow queries
  { rule: 'R5', from: ['cpu-saturated'], to: SLOTS, when: workersCompute },
  { rule: 'R7', from: ['dependency-slow'], to: SLOTS, when: slowDatabaseWithoutLeak },
  { rule: '2.6', from: ['certificate-expired'], to: ['dependency-unreachable', 'dependency-failing'] },
  {
    rule: '2.5',
    from: [...SLOTS, 'idle-in-transaction', 'sessions-blocked-by-lock'],
    to: ['app-refused-connection'],
  },
  { rule: '2.6', from: ['dependency-failing'], to: REFUSED, when: refusedByThat },
  { rule: '3.1', from: ['disk-full'], to: ['app-refused-by-dependency', BLAMED], when: namesDisk },
  // 2.6: what the app blames is a witness of what is seen there, or here
  {
    rule: '2.6',
    from: [
      ...DEPENDENCIES,
      'undeclared-dependency',
      ...SLOTS,
      'idle-in-transaction',
      'sessions-blocked-by-lock',
      ...REFUSED,
    ],
    to: [BLAMED],
    when: blamesThat,
  },
  { rule: '3.1', from: LIMITS, to: [BLAMED], when: namesLimit },
  // R1: the app does not start because of what it needs
  { rule: 'R1', from: NEEDED, to: [...STOPPED, 'port-not-listening'], when: namesDependency },
  { rule: 'R1', from: SLOTS, to: STOPPED, when: namesRefusedSlots },
  // Workers that load ask for it, and are not heard: nothing is logged before their patience ends
  { rule: 'R1', from: ['dependency-unreachable'], to: ['unit-starting'], when: loadsWithout },
  // R4: workers that wait for what they need
  {
    rule: 'R4',
    from: [...SLOTS, 'sessions-blocked-by-lock'],
    to: [...QUEUES, 'concurrency-limited'],
    when: workersWait,
  },
  { rule: 'R4', from: NEEDED, to: [...QUEUES, 'concurrency-limited'], when: workersWaitForShared },
  { rule: '3.1', from: ['workers-busy'], to: ['accept-queue-full'] },
  { rule: '3.1', from: QUEUES, to: ['concurrency-limited'] },
  // A unit that dies and starts again has nobody who accepts, and its start is work
  { rule: '3.1', from: ['unit-crash-looping', 'unit-starting'], to: QUEUES },
  { rule: '3.1', from: STOPPED, to: ['port-not-listening'] },
  // R8: health checks are right until proven wrong
  { rule: '3.1', from: [...STOPPED, 'port-not-listening'], to: ['port-refused'] },
  { rule: 'R8', from: [...STOPPED, 'port-not-listening', 'port-refused', ...QUEUES], to: HEALTH },
  { rule: 'R8', from: QUEUES, to: ['member-down-though-healthy'], when: checkWaitedInVain },
  // Silent for seconds, prompt in between: the check met the one, our request the other
  { rule: 'R8', from: ['dependency-slow'], to: ['member-down-though-healthy'], when: checkWaitedForSilent },
  {
    rule: '1.4',
    from: [...STOPPED, 'port-not-listening', 'port-refused', ...QUEUES, ...LIMITS],
    to: [UNREACHED],
  },
  {
    rule: '2.2',
    from: STOPPED,
    to: ['health-endpoint-misplaced', 'member-down-though-healthy'],
    when: portIsTaken,
  },
  // Requests that nobody works off each keep two connections of nginx, and a session of HAProxy
  { rule: '3.1', from: QUEUES, to: ['proxy-connections-exhausted', 'frontend-full'] },
  // nginx answers 500 itself, and the balancer's check through it fails
  {
    rule: '2.3',
    from: ['proxy-connections-exhausted'],
    to: ['member-down-though-healthy', UNREACHED, ...HEALTH, ...OUT_OF_POOL],
  },
  { rule: '1.4', from: [UNREACHED], to: ['member-down-though-healthy', ...OUT_OF_POOL] },
  { rule: 'R8', from: [...SLOTS, 'sessions-blocked-by-lock'], to: HEALTH },
  { rule: 'R8', from: REFUSED, to: HEALTH },
  { rule: 'R8', from: NEEDED, to: HEALTH, when: sharedReaches },
  {
    rule: 'R8',
    from: ['health-endpoint-failing', 'health-endpoint-slow', 'health-endpoint-misplaced'],
    to: ['member-down-though-healthy'],
  },
  {
    rule: 'R8',
    from: [
      ...STOPPED,
      'port-not-listening',
      'port-refused',
      ...QUEUES,
      'health-endpoint-failing',
      'health-endpoint-slow',
      'health-endpoint-misplaced',
      'member-down-though-healthy',
    ],
    to: OUT_OF_POOL,
  },
  { rule: '3.1', from: ['member-draining', 'maintenance-mode'], to: ['pool-without-members'] },
];

/**
 * R10, R6, 2.1: true alone, these hurt nobody. Root only of something that did fail. Not `release-skew`: it is more than a
 * hint only where just the hosts of one release answer badly (R11).
 */
export const NEEDS_CONSEQUENCE: ReadonlySet<string> = new Set([
  'rollout-in-progress',
  'cpu-saturated',
  'idle-in-transaction',
  'sessions-blocked-by-lock',
]);

/** 2.6: "also broken" unless an error names it; its word alone is worth one band less. */
export const CIRCUMSTANTIAL: ReadonlySet<string> = new Set([
  ...DEPENDENCIES,
  'memory-exhausted',
  'disk-full',
  'kernel-table-full',
  'file-descriptors-exhausted',
  'tasks-exhausted',
]);

/** R8: the health check's own fault only if real requests succeed. */
export const HEALTH_SYMPTOMS: ReadonlySet<string> = new Set(HEALTH);

/** The app cannot be running where one of these holds, and an app that answers refutes them. */
export const NOT_RUNNING: ReadonlySet<string> = new Set([
  'unit-inactive',
  'unit-failed',
  'unit-missing-or-masked',
  'port-not-listening',
  'port-refused',
]);

/** R12: when these began cannot be told from their last change: each restart resets it. */
export const ONSET_UNSURE: ReadonlySet<string> = new Set(['unit-crash-looping', 'unit-starting']);

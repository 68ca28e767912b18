import {
  areTheRestarted,
  badAsReleased,
  blamesThat,
  blockedByMigration,
  blockedByIdle,
  checkMetRefusal,
  checkWaitedForSilent,
  checkWaitedInVain,
  databaseRefusesSlots,
  namesBrokenRelease,
  namesDependency,
  namesLimit,
  namesOom,
  namesRefusedSlots,
  refusedByThat,
  fromCode,
  isAskedAndReaches,
  isMissedHere,
  lateOrSilent,
  loadsWithout,
  likelyNotFromCode,
  provenAndReaches,
  proxyWaits,
  queuedBeforeDatabase,
  setAsideThenStopped,
  slowDatabaseWithoutLeak,
  slowPartWithoutLeak,
  slowThroughLeak,
  workersCompute,
  workersStarve,
  workersWait,
  workersWaitForShared,
  type When,
} from './causal-rules.js';
import { namesDisk } from './disk-rules.js';
import {
  BAD_RELEASE,
  BLAMED,
  DEPENDENCIES,
  HEALTH,
  LIMITS,
  NEEDED,
  OUT_OF_POOL,
  PRESSURE,
  QUEUES,
  REFUSED,
  RESTARTED,
  ROLLOUT,
  SLOTS,
  STOPPED,
  UNREACHED,
} from './check-groups.js';
import { fillsFrontend, WAITED_FOR, waitFillsFrontend } from './held-sessions.js';
import { portIsTaken } from './strangers.js';

/** "If one of `from` and one of `to` failed, the second is a consequence of the first" (diagnosis 3.1 and 3.2). */
export type Edge = {
  readonly rule: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly when?: When;
};

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
  { rule: 'R3', from: ['release-skew'], to: ['release-erring', 'release-erring-in-part'] },
  { rule: '2.4', from: ['release-erring'], to: ['release-erring-in-part'] },
  // Its words may be the app's own for what another did to a part of the requests
  {
    rule: '2.6',
    from: [...NEEDED, ...SLOTS, ...REFUSED, ...QUEUES, ...LIMITS, 'sessions-blocked-by-lock', 'disk-full'],
    to: ['release-erring-in-part'],
    when: likelyNotFromCode,
  },
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
  { rule: 'R7', from: ['dependency-slow'], to: ['app-pool-exhausted'], when: slowPartWithoutLeak },
  { rule: '2.6', from: ['certificate-expired'], to: ['dependency-unreachable', 'dependency-failing'] },
  {
    rule: '2.5',
    from: [...SLOTS, 'idle-in-transaction', 'sessions-blocked-by-lock'],
    to: ['app-refused-connection'],
  },
  { rule: '2.6', from: ['dependency-failing'], to: REFUSED, when: refusedByThat },
  { rule: '3.1', from: ['disk-full'], to: ['app-refused-by-dependency', BLAMED], when: namesDisk },
  { rule: '2.6', from: ['neighbour-unit-down'], to: ['undeclared-dependency', BLAMED], when: isMissedHere },
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
  // A watchdog may be right
  { rule: '2.2', from: [...NEEDED, ...SLOTS, BAD_RELEASE], to: [RESTARTED], when: provenAndReaches },
  // Who is told to stop again and again is seen in each state of a start and a stop
  {
    rule: '2.2',
    from: [RESTARTED],
    to: [
      ...['unit-starting', 'unit-stopping', 'port-not-listening', 'port-refused'],
      ...QUEUES,
      ...HEALTH,
      ...OUT_OF_POOL,
      UNREACHED,
    ],
  },
  { rule: '2.2', from: [RESTARTED], to: ['member-down-though-healthy'], when: areTheRestarted },
  // A unit that dies and starts again has nobody who accepts, and its start is work
  { rule: '3.1', from: ['unit-crash-looping', 'unit-starting'], to: QUEUES },
  { rule: '3.1', from: STOPPED, to: ['port-not-listening'] },
  // R8: health checks are right until proven wrong
  { rule: '3.1', from: [...STOPPED, 'port-not-listening'], to: ['port-refused'] },
  { rule: 'R8', from: [...STOPPED, 'port-not-listening', 'port-refused', ...QUEUES], to: HEALTH },
  { rule: 'R8', from: QUEUES, to: ['member-down-though-healthy'], when: checkWaitedInVain },
  { rule: 'R8', from: SLOTS, to: ['member-down-though-healthy'], when: checkMetRefusal },
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
  { rule: '3.1', from: QUEUES, to: ['proxy-connections-exhausted'] },
  {
    rule: '3.1',
    from: [
      ...[...QUEUES, ...LIMITS, ...PRESSURE, 'disk-full'],
      ...['proxy-not-answering', UNREACHED, 'concurrency-limited'],
    ],
    to: ['frontend-full'],
    when: fillsFrontend,
  },
  { rule: 'R4', from: WAITED_FOR, to: ['frontend-full'], when: waitFillsFrontend },
  // Who waits for the app behind it says nothing meanwhile
  {
    rule: '1.1',
    from: [...QUEUES, 'dependency-slow'],
    to: ['proxy-not-answering'],
    when: proxyWaits,
  },
  // nginx answers 500 itself, or nothing, and the balancer's check through it fails
  {
    rule: '2.3',
    from: ['proxy-connections-exhausted', 'proxy-not-answering'],
    to: ['member-down-though-healthy', UNREACHED, ...HEALTH, ...OUT_OF_POOL],
  },
  { rule: '1.4', from: [UNREACHED], to: ['member-down-though-healthy', ...OUT_OF_POOL] },
  { rule: 'R8', from: [...SLOTS, 'sessions-blocked-by-lock'], to: HEALTH },
  { rule: 'R8', from: REFUSED, to: HEALTH },
  { rule: 'R8', from: NEEDED, to: HEALTH, when: isAskedAndReaches },
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

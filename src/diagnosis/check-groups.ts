/** Checks that stand together in the causal order, and in what a rule says of them. */

export const PRESSURE = ['cpu-saturated', 'memory-exhausted'];
export const LIMITS = ['file-descriptors-exhausted', 'kernel-table-full', 'tasks-exhausted'];
export const STOPPED = [
  'unit-inactive',
  'unit-failed',
  'unit-crash-looping',
  'unit-starting',
  'unit-stopping',
  'unit-missing-or-masked',
];
/** No state of the unit, but what is done to it. */
export const RESTARTED = 'unit-restarted-repeatedly';
export const QUEUES = ['workers-busy', 'accept-queue-full'];
export const SLOTS = ['connections-exhausted', 'app-pool-exhausted', 'pooler-queue-waiting'];
/** The app's own words on being refused, by whatever stands upstream. */
export const REFUSED = ['app-refused-connection', 'app-refused-by-dependency'];
export const DEPENDENCIES = [
  'dependency-unreachable',
  'dependency-failing',
  'dependency-slow',
  'certificate-expired',
];
/** Also what only the app itself names. */
export const BLAMED = 'app-blames-dependency';
export const NEEDED = [...DEPENDENCIES, 'undeclared-dependency', 'neighbour-unit-down', BLAMED];
export const ROLLOUT = ['rollout-in-progress', 'release-skew'];
/** A release whose mechanism is proven (2.4). */
export const BAD_RELEASE = 'release-failing';
export const HEALTH = ['health-endpoint-failing', 'health-endpoint-slow', 'health-flapping'];
export const OUT_OF_POOL = ['health-flapping', 'pool-without-members'];
/** Connections of the balancer that do not arrive (1.4: `SC`, `sC`, L4CON, L4TOUT). */
export const UNREACHED = 'member-unreachable';

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

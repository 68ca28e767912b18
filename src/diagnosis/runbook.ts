/** The six lines of the runbook: question, and the checks that answer it (design 1.7). Order and wording are a contract. */
export type RunbookLine = {
  readonly question: string;
  readonly checks: readonly string[];
  /** Where these passed everywhere, the answer is good though another of `checks` could not be judged. */
  readonly enough?: readonly string[];
  /** The answer where only a hint speaks against it: a check that failed as `possible`. `no` by default. */
  readonly hint?: 'yes' | 'no' | 'unknown';
};

export const RUNBOOK = {
  process: {
    question: 'application process running?',
    checks: [
      'unit-inactive',
      'unit-failed',
      'unit-crash-looping',
      'unit-starting',
      'unit-stopping',
      'unit-restarted-repeatedly',
      'unit-missing-or-masked',
      'port-not-listening',
      'port-refused',
    ],
    enough: ['port-not-listening'],
  },
  resources: { question: 'CPU and memory within limits?', checks: ['cpu-saturated', 'memory-exhausted'] },
  health: {
    question: 'health check responding?',
    checks: ['health-endpoint-failing', 'health-endpoint-misplaced', 'health-endpoint-slow'],
  },
  database: {
    question: 'database connections available?',
    checks: ['connections-exhausted', 'app-pool-exhausted', 'pooler-queue-waiting', 'app-refused-connection'],
    enough: ['connections-exhausted'],
    hint: 'yes',
  },
  dependencies: {
    question: 'dependencies reachable?',
    checks: [
      'dependency-unreachable',
      'dependency-failing',
      'dependency-slow',
      'certificate-expired',
      'app-refused-by-dependency',
      'app-blames-dependency',
    ],
    hint: 'unknown',
  },
  deployment: {
    question: 'deployment just rolled out?',
    checks: [
      'rollout-in-progress',
      'release-skew',
      'release-failing',
      'release-erring',
      'release-erring-in-part',
    ],
  },
} as const satisfies Record<string, RunbookLine>;

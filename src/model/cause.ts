import { z } from 'zod';

/** Why a service answers 503: the six causes of the runbook, and two that a tool must not "fix". */
export const Cause = z.enum([
  'overload',
  'not-started',
  'health-check',
  'deployment',
  'database-connections',
  'dependency',
  'deliberate',
  'routing',
]);
export type Cause = z.infer<typeof Cause>;

/** How sure a finding or verdict is. Missing evidence lowers it and never raises it. */
export const Confidence = z.enum(['confirmed', 'likely', 'possible']);
export type Confidence = z.infer<typeof Confidence>;

/** The station of the request's path that wrote the answer. */
export const Hop = z.enum(['edge', 'balancer', 'proxy', 'app']);
export type Hop = z.infer<typeof Hop>;

/** One safe change that could help. Later issues add the files; findings already name them. */
export const RemediationId = z.enum([
  'restart-service',
  'start-service',
  'reload-proxy',
  'end-idle-sessions',
  'drain-host',
  'restore-host',
  'roll-back',
  'run-command',
]);
export type RemediationId = z.infer<typeof RemediationId>;

import { z } from 'zod';
import { RemediationId } from './cause.js';
import { Plan } from './plan.js';

/**
 * `requested` waits for approvals or for its worker; `approved` has all approvals. `refused` was asked for and not
 * begun, `failed` was begun and did not take effect, `ineffective` took effect and did not help. `unknown`: its worker
 * went away in the middle; it is looked into and never run again.
 */
export const RemediationState = z.enum([
  'offered',
  'requested',
  'approved',
  'running',
  'verified',
  'ineffective',
  'failed',
  'unknown',
  'refused',
  'expired',
]);
export type RemediationState = z.infer<typeof RemediationState>;

/** Every change of state that there is. What is not in here the store does not do. */
export const NEXT_STATES: Readonly<Record<RemediationState, readonly RemediationState[]>> = {
  offered: ['requested', 'expired'],
  requested: ['approved', 'running', 'refused', 'expired'],
  approved: ['running', 'refused', 'expired'],
  running: ['verified', 'ineffective', 'failed', 'unknown'],
  unknown: ['verified', 'ineffective', 'failed'],
  verified: [],
  ineffective: [],
  failed: [],
  refused: [],
  expired: [],
};

export const statesBefore = (state: RemediationState): RemediationState[] =>
  RemediationState.options.filter((before) => NEXT_STATES[before].includes(state));

/**
 * What is known of one step afterwards. `not-done` is certain: it can not happen any more either. So is `failed`: begun
 * and without effect. `errored` was begun and reported an error, and how far it came nobody knows.
 */
export const StepResult = z.object({
  step: z.int().nonnegative(),
  result: z.enum(['done', 'not-done', 'failed', 'errored', 'unknown']),
  detail: z.string(),
  /** Another look may tell: it is still at it, or who knows was not reached. */
  pending: z.boolean().optional(),
});
export type StepResult = z.infer<typeof StepResult>;

/** What was drained goes back by itself after this, unless somebody keeps it out. */
export const RESTORE_AFTER_MINUTES = 30;

/** A row of the table of before and after. */
export const Figure = z.object({ name: z.string(), before: z.string(), after: z.string() });
export type Figure = z.infer<typeof Figure>;

export const Outcome = z.object({
  /** Of the effect, not of whether it helped. */
  effect: z.enum(['done', 'partly', 'not-done', 'failed', 'unknown']),
  /** One sentence for the thread. */
  words: z.string(),
  steps: z.array(StepResult),
  figures: z.array(Figure).default([]),
  /** What a human can type to see for themselves. */
  howToCheck: z.string().nullable().default(null),
  /** Members that it has taken out of their pool and not put back. */
  drained: z.array(z.string()).optional(),
});
export type Outcome = z.infer<typeof Outcome>;

/** One change that was offered below one verdict. */
export const Remediation = z.object({
  id: z.uuid(),
  incidentId: z.uuid(),
  /** The run whose verdict offered it. */
  runId: z.uuid(),
  service: z.string(),
  kind: RemediationId,
  /** Its place among what was offered: 0 is the best. */
  position: z.int().nonnegative(),
  state: RemediationState,
  plan: Plan,
  planDigest: z.string(),
  approvalsNeeded: z.int().nonnegative(),
  /** Whoever may ask for it may go without approvals, with a written reason. */
  breakGlass: z.boolean(),
  offeredAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  requestedBy: z.string().nullable(),
  requestedAt: z.iso.datetime().nullable(),
  /** Of whoever used break-glass; their own words. */
  reason: z.string().nullable(),
  startedAt: z.iso.datetime().nullable(),
  /** No step begins after this. */
  notAfter: z.iso.datetime().nullable(),
  /** What it is doing now, in a few words. */
  progress: z.string().nullable(),
  outcome: Outcome.nullable(),
  /** The run that looked whether it helped. */
  verifyRunId: z.uuid().nullable(),
  finishedAt: z.iso.datetime().nullable(),
  watchUntil: z.iso.datetime().nullable(),
  /** Since when nobody knows what became of it. */
  lostAt: z.iso.datetime().nullable(),
  /** The bot's keyed digest, from when it was ready. */
  mac: z.string().nullable(),
  /** What it has taken out of a pool goes back then, unless somebody keeps it out. */
  restoreAt: z.iso.datetime().nullable(),
});
export type Remediation = z.infer<typeof Remediation>;

/** A named person's answer to one plan of another person. */
export const Approval = z.object({
  remediationId: z.uuid(),
  approver: z.string(),
  answer: z.enum(['approved', 'denied']),
  planDigest: z.string(),
  at: z.iso.datetime(),
});
export type Approval = z.infer<typeof Approval>;

import { z } from 'zod';
import { Cause, Confidence, Hop, RemediationId } from './cause.js';
import { Peers, Why } from './explanation.js';
import { Finding } from './finding.js';
import { Target } from './target.js';

/** One step from the root (first) to the symptom (last). */
export const ChainLink = z.object({
  check: z.string(),
  cause: Cause.nullable(),
  target: Target,
  summary: z.string(),
  since: z.iso.datetime().optional(),
});
export type ChainLink = z.infer<typeof ChainLink>;

export const VerdictStatus = z.enum(['cause-found', 'healthy', 'inconclusive', 'unreachable']);
export type VerdictStatus = z.infer<typeof VerdictStatus>;

/** The ranked answer of a run. `cause` and `hop` are null where there is none. */
export const Verdict = z.object({
  status: VerdictStatus,
  cause: Cause.nullable(),
  confidence: Confidence.nullable(),
  /** One sentence for the headline: "97 of 97 usable connections of orders are taken". */
  summary: z.string(),
  chain: z.array(ChainLink),
  hop: Hop.nullable(),
  remediations: z.array(RemediationId),
});
export type Verdict = z.infer<typeof Verdict>;

export const RuledOut = z.object({ cause: Cause, because: z.string() });
export type RuledOut = z.infer<typeof RuledOut>;

export const Unknown = z.object({ check: z.string(), target: Target, reason: z.string() });
export type Unknown = z.infer<typeof Unknown>;

/** One of the six lines of the runbook, in its order. `yes` is always the good answer but for the last. */
export const ChecklistLine = z.object({
  question: z.string(),
  answer: z.enum(['yes', 'no', 'unknown', 'not-configured']),
  note: z.string(),
});
export type ChecklistLine = z.infer<typeof ChecklistLine>;

export const HostReach = z.object({
  name: z.string(),
  reached: z.boolean(),
  reason: z.string().optional(),
  /** Only where its clock is wrong (negative: behind). Times of findings are corrected; its own log lines are not. */
  clockAheadMs: z.number().optional(),
});
export type HostReach = z.infer<typeof HostReach>;

/** What `evaluate` and `rank` make of a run's readings. */
export const Judgement = z.object({
  verdict: Verdict,
  findings: z.array(Finding),
  ruledOut: z.array(RuledOut),
  unknown: z.array(Unknown),
  checklist: z.array(ChecklistLine).length(6),
  hosts: z.array(HostReach),
  /** Absent in documents that were stored before there was one. */
  why: Why.optional(),
  peers: z.array(Peers).optional(),
});
export type Judgement = z.infer<typeof Judgement>;

/** Version of the document below; raised when a field changes its meaning or goes. */
export const RUN_DOCUMENT_VERSION = 1;

/** What `diag503 run --json` prints and what a finished run keeps: stable, documented, versioned. */
export const RunDocument = z.object({
  version: z.literal(RUN_DOCUMENT_VERSION),
  service: z.string(),
  run: z.object({
    id: z.string(),
    startedAt: z.iso.datetime(),
    durationMs: z.number(),
    rulesVersion: z.string(),
    /** How often all was looked at: only where more than once, for trouble that comes and goes. */
    looks: z.int().positive().optional(),
    /** The end of the look that all below tells of; the run's end where it is not given. */
    judgedAt: z.iso.datetime().optional(),
  }),
  ...Judgement.shape,
});
export type RunDocument = z.infer<typeof RunDocument>;

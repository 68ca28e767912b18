import { z } from 'zod';
import { Cause, Confidence, RemediationId } from './cause.js';
import { Target } from './target.js';

/** A verbatim, redacted excerpt with where and when it was read. */
export const Evidence = z.object({
  source: z.string(),
  host: z.string().nullable(),
  at: z.string(),
  excerpt: z.string(),
});
export type Evidence = z.infer<typeof Evidence>;

/** A failed check. */
export const Finding = z.object({
  check: z.string(),
  cause: Cause,
  target: Target,
  confidence: Confidence,
  summary: z.string(),
  /** When the failing state began, where that is known: orders root and symptom. */
  since: z.iso.datetime().optional(),
  evidence: z.array(Evidence),
  remediations: z.array(RemediationId).default([]),
});
export type Finding = z.infer<typeof Finding>;

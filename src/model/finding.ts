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

/**
 * What the service's workers do when they do not answer: use a core, wait for one, or wait for something else (or for
 * nothing: hung). Rules of ranking read this, so that the wording of summaries stays free.
 */
export const WorkersDoing = z.enum(['compute', 'starve', 'wait']);
export type WorkersDoing = z.infer<typeof WorkersDoing>;

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
  workers: WorkersDoing.optional(),
  /** Known only by how long an answer took, so as sure as who asked was quick. */
  byLatency: z.literal(true).optional(),
  remediations: z.array(RemediationId).default([]),
});
export type Finding = z.infer<typeof Finding>;

/** What a verdict card always has room for. JSON characters, for Slack counts those: about 13,000 a message with all its markup. */
const CARD = { excerpts: 4, jsonCharacters: 1_400 };

/** What findings quote, in their order; findings that cite the same lines quote them once. Stops at `atMost`. */
export function quotedEvidence(findings: readonly Finding[], atMost = Infinity): Evidence[] {
  const quoted: Evidence[] = [];
  for (const { evidence } of findings) {
    for (const each of evidence) {
      if (quoted.length >= atMost) return quoted;
      if (!quoted.some((other) => saysTheSame(each, other))) quoted.push(each);
    }
  }
  return quoted;
}

const saysTheSame = (a: Evidence, b: Evidence): boolean =>
  a.host === b.host && a.source === b.source && a.excerpt === b.excerpt;

/** Whether the thread needs the evidence as a file too, because the verdict card can only quote a part of it. */
export function hasLongEvidence(findings: readonly Finding[]): boolean {
  const quoted = quotedEvidence(findings, CARD.excerpts + 1);
  const lengths = quoted.map(({ source, excerpt }) => JSON.stringify([source, excerpt]).length);
  return quoted.length > CARD.excerpts || lengths.reduce((sum, each) => sum + each, 0) > CARD.jsonCharacters;
}

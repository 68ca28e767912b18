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

/** What a verdict card always has room for. JSON characters, for Slack counts those: about 13,000 a message with all its markup. */
const CARD = { excerpts: 4, jsonCharacters: 1_400 };

/** What findings quote, in their order; findings that cite the same lines quote them once. */
export function quotedEvidence(findings: readonly Finding[]): Evidence[] {
  const byContent = new Map<string, Evidence>();
  for (const evidence of findings.flatMap((finding) => finding.evidence)) {
    const key = JSON.stringify([evidence.host, evidence.source, evidence.excerpt]);
    if (!byContent.has(key)) byContent.set(key, evidence);
  }
  return [...byContent.values()];
}

/** Whether the thread needs the evidence as a file too, because the verdict card can only quote a part of it. */
export function hasLongEvidence(findings: readonly Finding[]): boolean {
  const quoted = quotedEvidence(findings);
  const characters = quoted.reduce(
    (sum, { source, excerpt }) => sum + JSON.stringify([source, excerpt]).length,
    0,
  );
  return quoted.length > CARD.excerpts || characters > CARD.jsonCharacters;
}

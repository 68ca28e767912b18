import { z } from 'zod';
import { checks } from '../../src/checks/index.js';
import { Cause, Confidence, Hop } from '../../src/model/cause.js';
import { VerdictStatus } from '../../src/model/verdict.js';

/** A misspelt id under `notSaid` would forbid nothing, and nobody would notice. */
const CheckId = z.enum(checks.map(({ id }) => id));
const AllowedConfidence = Confidence.nullable();

/** verdict.json: what an expert says about a stored run. What is left out is not compared. */
export const ExpectedVerdict = z.strictObject({
  status: VerdictStatus,
  cause: Cause.nullable().optional(),
  confidence: z.union([AllowedConfidence, z.array(AllowedConfidence).min(1)]).optional(),
  /** The check at the beginning of the chain. */
  root: z.union([CheckId, z.array(CheckId).min(1)]).optional(),
  /** The checks of the whole chain, root first; its last link is the symptom. */
  chain: z.array(z.string()).optional(),
  hop: z.union([Hop.nullable(), z.array(Hop).min(1)]).optional(),
  /** Checks that must have failed, in the chain or beside it: of two faults both are to be told. */
  found: z.array(CheckId).optional(),
  /** Causes and checks that must be neither the verdict's cause nor in its chain. */
  notSaid: z.array(z.union([Cause, CheckId])).optional(),
});
export type ExpectedVerdict = z.infer<typeof ExpectedVerdict>;

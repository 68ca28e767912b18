import { z } from 'zod';
import { RunDocument } from '../../src/model/verdict.js';

/** What the suite and its lanes say to each other. */
export const LaneOrder = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('run'), id: z.string() }),
  z.object({ kind: z.literal('end') }),
]);
export type LaneOrder = z.infer<typeof LaneOrder>;

const OutcomeSent = z.object({
  id: z.string(),
  document: RunDocument.nullable(),
  storedRun: z.string(),
  differences: z.array(z.string()).readonly(),
  trouble: z.string().nullable(),
  unhealed: z.string().nullable(),
  took: z.object({ fault: z.number(), look: z.number(), cure: z.number() }),
});
export const LaneReport = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('log'), line: z.string() }),
  z.object({ kind: z.literal('outcome'), outcome: OutcomeSent.nullable() }),
]);
export type LaneReport = z.infer<typeof LaneReport>;

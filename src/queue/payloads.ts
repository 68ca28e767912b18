import { UnrecoverableError } from 'bullmq';
import { z } from 'zod';

/** Jobs hold ids only: what they are about is read from the store when they run, and never from the queue. */
export const DiagnosePayload = z.strictObject({ runId: z.uuid() });
export type DiagnosePayload = z.infer<typeof DiagnosePayload>;

export const PostPayload = z.strictObject({ messageId: z.uuid() });
export type PostPayload = z.infer<typeof PostPayload>;

/** The digest is keyed: only who has the bot's token can order a change (`remediate-digest.ts`). */
export const RemediatePayload = z.strictObject({
  remediationId: z.uuid(),
  digest: z.string().regex(/^[0-9a-f]{64}$/),
});
export type RemediatePayload = z.infer<typeof RemediatePayload>;

/** A job with other data is not ours to understand, and trying again does not change that. */
export function parsePayload<Schema extends z.ZodType>(schema: Schema, data: unknown): z.output<Schema> {
  const parsed = schema.safeParse(data);
  if (!parsed.success) throw new UnrecoverableError(`job with wrong data: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

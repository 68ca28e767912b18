import { z } from 'zod';

/** Which alerts belong to a service, and how they are taken. */
export const AlertRule = z.strictObject({
  match: z.record(z.string(), z.string()).describe('Labels that an alert must carry.'),
  lookAgainMinutes: z
    .int()
    .min(1)
    .max(1440)
    .optional()
    .describe('Minutes after which what still fires is looked at again. Left out: by the environment.'),
});
export type AlertRule = z.infer<typeof AlertRule>;

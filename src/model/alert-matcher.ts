import { z } from 'zod';

/** Labels and the values that they must have, all of them; `*` stands for any text and `?` for one character. */
export const AlertMatcher = z
  .record(z.string().min(1).max(200), z.string().min(1).max(200))
  .refine((labels) => Object.keys(labels).length > 0, {
    error: 'names no label, and would match every alert; name at least one',
  });
export type AlertMatcher = z.infer<typeof AlertMatcher>;

/** Which alerts are a service's. */
export const ServiceAlerts = z.strictObject({
  match: z
    .union([AlertMatcher, z.array(AlertMatcher).min(1).max(20)])
    .describe(
      'Labels that an alert must carry, all of them; `*` and `?` as in file names. A list: one of its entries.',
    ),
  lookAgainMinutes: z
    .int()
    .min(1)
    .max(1440)
    .optional()
    .describe('Minutes after which what still fires is looked at again. Left out: by the environment.'),
});
export type ServiceAlerts = z.infer<typeof ServiceAlerts>;

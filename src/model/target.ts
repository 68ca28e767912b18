import { z } from 'zod';

/** What a reading or finding is about. The service's own database is the dependency named `database`. */
export const Target = z.object({
  kind: z.enum(['service', 'host', 'dependency', 'balancer']),
  name: z.string(),
});
export type Target = z.infer<typeof Target>;

export const sameTarget = (a: Target, b: Target): boolean => a.kind === b.kind && a.name === b.name;

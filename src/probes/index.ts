import type { z } from 'zod';

/** Every probe under the name of its fact. A new probe is one file and one line here. */
export const probes = {} as const;

export type FactName = keyof typeof probes;
export type Facts = { [K in FactName]: z.infer<(typeof probes)[K]['fact']> };

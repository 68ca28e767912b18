import { z } from 'zod';
import { Cause } from './cause.js';

/** In what a sick host is unlike the healthy ones: `here` and `peers` in words, "v42" and "v41". */
export const PeerDifference = z.object({ in: z.string(), here: z.string(), peers: z.string() });
export type PeerDifference = z.infer<typeof PeerDifference>;

/** One sick host compared with the healthy hosts of the same service. */
export const Peers = z.object({
  host: z.string(),
  comparedWith: z.array(z.string()),
  differs: z.array(PeerDifference),
  /** What was compared and is alike. */
  same: z.array(z.string()),
});
export type Peers = z.infer<typeof Peers>;

/** Something else that was found or thought of, and why it is not the cause. */
export const Considered = z.object({
  cause: Cause,
  check: z.string(),
  /** In a few words: "not enough CPU on 2 of 3 hosts". Numbers and quotes are in its findings. */
  what: z.string(),
  because: z.string(),
});
export type Considered = z.infer<typeof Considered>;

/** What nobody looked at, and the one command, right or line of the inventory that would change it. */
export const NotLookedAt = z.object({ what: z.string(), allow: z.string().nullable() });
export type NotLookedAt = z.infer<typeof NotLookedAt>;

/** The verdict in plain words. */
export const Why = z.object({
  /** Why this cause; null where none was found. */
  because: z.string().nullable(),
  /** What follows from it. */
  explains: z.array(z.string()),
  /** What would have contradicted it: looked for and not seen. */
  wouldContradict: z.array(z.string()),
  /** Why it is not confirmed. */
  doubts: z.array(z.string()),
  considered: z.array(Considered),
  notLookedAt: z.array(NotLookedAt),
});
export type Why = z.infer<typeof Why>;

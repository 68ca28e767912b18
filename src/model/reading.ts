import { z } from 'zod';
import { Target } from './target.js';

/** Why there is no fact. */
export const UnreadReason = z.enum([
  'unreachable',
  'timeout',
  'denied',
  'not-installed',
  'malformed',
  'cancelled',
]);
export type UnreadReason = z.infer<typeof UnreadReason>;

const Common = {
  probe: z.string(),
  target: Target,
  /** Through whose network or on whose shell it was read: a host's name, or `worker`. */
  via: z.string(),
  /** What a human would type to see the same: a command, a request, a query. */
  source: z.string(),
  at: z.iso.datetime(),
  durationMs: z.number().nonnegative(),
};

/** A fact, or the reason why there is none. Redacted before it becomes one. */
export const Reading = z.discriminatedUnion('status', [
  z.object({ status: z.literal('read'), ...Common, fact: z.unknown() }),
  z.object({
    status: z.literal('unread'),
    ...Common,
    reason: UnreadReason,
    /** What was tried and what would change it: "permission denied; `usermod -aG adm diag503` would allow it". */
    detail: z.string(),
  }),
]);
export type Reading = z.infer<typeof Reading>;
export type ReadReading = Extract<Reading, { status: 'read' }>;
export type UnreadReading = Extract<Reading, { status: 'unread' }>;

import { z } from 'zod';
import { AlertSeverity } from './alert.js';

/** Fires again within this: the same episode, in the same thread. */
export const REOPEN_WITHIN_MINUTES = 30;

/** From this flap on it is told once that something alternates, and then only counted. */
export const QUIET_FROM_FLAP = 3;

/** Somebody does not want to hear of an incident for a while. It ends early when the severity rises. */
export const Silence = z.object({
  id: z.uuid(),
  incidentId: z.uuid(),
  service: z.string(),
  by: z.string(),
  since: z.iso.datetime(),
  /** Null: until its alerts resolve. */
  until: z.iso.datetime().nullable(),
  /** The gravest when it began; null where no alert has fired. */
  severity: AlertSeverity.nullable(),
});
export type Silence = z.infer<typeof Silence>;

/** How long a person may choose. */
export const SilenceLength = z.enum(['1h', '4h', 'resolved']);
export type SilenceLength = z.infer<typeof SilenceLength>;
export const SILENCE_HOURS: Record<SilenceLength, number | null> = { '1h': 1, '4h': 4, resolved: null };

/** What alerts have made of an incident: what its headline says beside the verdict. */
export const Episode = z.object({
  incidentId: z.uuid(),
  /** How often its sources said that something fires: a group is sent again as a whole when one of it changes. */
  notices: z.int().nonnegative(),
  /** Alerts that have fired in it, and those of them that do now. */
  alerts: z.int().nonnegative(),
  firing: z.int().nonnegative(),
  since: z.iso.datetime().nullable(),
  /** When the last of its alerts was heard to be resolved; `until` is when that was by its source's own word. */
  resolvedAt: z.iso.datetime().nullable(),
  until: z.iso.datetime().nullable(),
  flaps: z.int().nonnegative(),
  silence: Silence.nullable(),
  /** The change that helped, when one was verified before the alerts resolved. */
  helped: z.object({ label: z.string(), by: z.string().nullable() }).nullable(),
});
export type Episode = z.infer<typeof Episode>;

/** An alert that matched no service, with how often it came. */
export const UnmatchedAlert = z.object({
  source: z.string(),
  fingerprint: z.string(),
  title: z.string(),
  labels: z.record(z.string(), z.string()),
  count: z.int().positive(),
  firstSeenAt: z.iso.datetime(),
  lastSeenAt: z.iso.datetime(),
});
export type UnmatchedAlert = z.infer<typeof UnmatchedAlert>;

const GRAVITY: Record<AlertSeverity, number> = { info: 0, warning: 1, critical: 2 };

export const isGraver = (severity: AlertSeverity, than: AlertSeverity | null): boolean =>
  than === null || GRAVITY[severity] > GRAVITY[than];

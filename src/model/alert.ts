import { z } from 'zod';

/** The monitoring systems that may post to `/alerts/<source>`. */
export const AlertSource = z.enum(['alertmanager', 'grafana', 'pagerduty', 'datadog', 'sns', 'generic']);
export type AlertSource = z.infer<typeof AlertSource>;

/** From mild to grave; a source's own words are mapped to these. What no source says is `warning`. */
export const AlertSeverity = z.enum(['info', 'warning', 'critical']);
export type AlertSeverity = z.infer<typeof AlertSeverity>;

/** What one source says of one trouble, in our words; everything in it is an outsider's text. */
export const Alert = z.object({
  source: AlertSource,
  status: z.enum(['firing', 'resolved']),
  /** The source's own name for this trouble: the same while it lasts, and when it comes again. */
  fingerprint: z.string().min(1).max(200),
  title: z.string().min(1).max(300),
  severity: AlertSeverity,
  startsAt: z.iso.datetime(),
  /** Only of a resolved one, and only where the source says it. */
  endsAt: z.iso.datetime().nullable(),
  labels: z.record(z.string(), z.string()),
  /** Shown as text, never fetched. */
  link: z.string().max(2_000).nullable(),
});
export type Alert = z.infer<typeof Alert>;

/** An alert of which the inventory says whose it is. */
export type ServiceAlert = Alert & { service: string };

/** One delivery of a source, proven genuine: what is stored before it is answered. */
export type AlertDelivery = {
  source: AlertSource;
  /** The same for the same delivery sent twice: the provider's event id, else a digest of what was signed. */
  key: string;
  matched: readonly ServiceAlert[];
  /** Matched no service of the inventory. */
  unmatched: readonly Alert[];
};

/** What became of one delivery: an incident each, or '' for an alert that belongs to none. */
export type AcceptedDelivery = {
  repeated: boolean;
  alerts: { fingerprint: string; service: string; incidentId: string; newRun: boolean; because: string }[];
};

import { z } from 'zod';
import type { Alert } from '../model/alert.js';
import { nowOf, timeOf, toAlert } from './alert-fields.js';

const Text = z.string().nullish();

/** The part of a CloudWatch alarm's notification that says something to us. */
export const CloudWatchAlarm = z.object({
  AlarmName: z.string().min(1).max(1_000),
  AlarmArn: z.string().max(2_000).optional(),
  AWSAccountId: Text,
  NewStateValue: z.enum(['ALARM', 'OK', 'INSUFFICIENT_DATA']),
  NewStateReason: Text,
  StateChangeTime: Text,
  Region: Text,
  /** Composite alarms have none, and those of several metrics no dimensions. */
  Trigger: z
    .object({
      MetricName: Text,
      Namespace: Text,
      Dimensions: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
    })
    .nullish(),
});
export type CloudWatchAlarm = z.infer<typeof CloudWatchAlarm>;

/** Null where the alarm lacks data: it neither begins nor ends by that. */
export function alertOfAlarm(alarm: CloudWatchAlarm, world: { now(): number }): Alert | null {
  if (alarm.NewStateValue === 'INSUFFICIENT_DATA') return null;
  const at = timeOf(alarm.StateChangeTime) ?? nowOf(world);
  const { Dimensions, MetricName, Namespace } = alarm.Trigger ?? {};
  const labels: (readonly [string, string | null | undefined])[] = [
    ['alarm', alarm.AlarmName],
    ['account', alarm.AWSAccountId],
    ['region', alarm.Region],
    ['namespace', Namespace],
    ['metric', MetricName],
    ...(Dimensions ?? []).map(({ name, value }) => [name, value] as const),
  ];
  return toAlert({
    source: 'sns',
    status: alarm.NewStateValue === 'ALARM' ? 'firing' : 'resolved',
    fingerprint: alarm.AlarmArn ?? `${alarm.AWSAccountId ?? ''} ${alarm.Region ?? ''} ${alarm.AlarmName}`,
    title: alarm.AlarmName,
    severity: 'critical',
    // Of one that ended it says when it ended, not when it began.
    startsAt: at,
    endsAt: at,
    labels: labels.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : [])),
  });
}

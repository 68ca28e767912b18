import { z } from 'zod';
import type { Alert } from '../model/alert.js';
import { nowOf, timeOf, toAlert } from './alert-fields.js';

const Text = z.string().nullish();
const Dimensions = z.array(z.object({ name: z.string(), value: z.string() })).nullish();
const Metric = z.object({ MetricName: Text, Namespace: Text, Dimensions });
type Metric = z.infer<typeof Metric>;

/** The part of a CloudWatch alarm's notification that says something to us. */
export const CloudWatchAlarm = z.object({
  AlarmName: z.string().min(1).max(1_000),
  AlarmArn: z.string().max(2_000).optional(),
  AWSAccountId: Text,
  NewStateValue: z.enum(['ALARM', 'OK', 'INSUFFICIENT_DATA']),
  NewStateReason: Text,
  StateChangeTime: Text,
  Region: Text,
  /** Of one series of an alarm that watches several: each of them begins and ends by itself. */
  AlarmContributorId: z.string().max(1_024).nullish(),
  /** Labels are no reason to lose an alarm that is written otherwise. */
  AlarmContributorAttributes: z.record(z.string(), z.string()).nullish().catch(null),
  /** Composite alarms have none; those that calculate have their metrics in a list. */
  Trigger: Metric.extend({
    Metrics: z
      .array(z.object({ MetricStat: z.object({ Metric }).nullish() }))
      .nullish()
      .catch(null),
  }).nullish(),
});
export type CloudWatchAlarm = z.infer<typeof CloudWatchAlarm>;

/** Null where the alarm lacks data: it neither begins nor ends by that. */
export function alertOfAlarm(alarm: CloudWatchAlarm, world: { now(): number }): Alert | null {
  if (alarm.NewStateValue === 'INSUFFICIENT_DATA') return null;
  const at = timeOf(alarm.StateChangeTime) ?? nowOf(world);
  const labels: Label[] = [
    ['alarm', alarm.AlarmName],
    ['account', alarm.AWSAccountId],
    ['region', alarm.Region],
    ...labelsOf(alarm.Trigger),
    ...Object.entries(alarm.AlarmContributorAttributes ?? {}),
  ];
  return toAlert({
    source: 'sns',
    status: alarm.NewStateValue === 'ALARM' ? 'firing' : 'resolved',
    fingerprint: [nameOf(alarm), alarm.AlarmContributorId ?? ''].join(' ').trim(),
    title: alarm.AlarmName,
    severity: 'critical',
    // Of one that ended it says when it ended, not when it began.
    startsAt: at,
    endsAt: at,
    labels: labels.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : [])),
  });
}

const nameOf = ({ AlarmArn, AWSAccountId, Region, AlarmName }: CloudWatchAlarm): string =>
  AlarmArn ?? `${AWSAccountId ?? ''} ${Region ?? ''} ${AlarmName}`;

type Label = readonly [name: string, value: string | null | undefined];

/** Of an alarm that calculates, what all its metrics that have it agree on: a rate is of one load balancer. */
function labelsOf(trigger: CloudWatchAlarm['Trigger']): Label[] {
  const calculated = (trigger?.Metrics ?? []).flatMap(({ MetricStat }) => MetricStat?.Metric ?? []);
  const metrics: readonly Metric[] = trigger ? [trigger, ...calculated] : calculated;
  const said = metrics.flatMap((metric): Label[] => [
    ['namespace', metric.Namespace],
    ['metric', metric.MetricName],
    ...(metric.Dimensions ?? []).map(({ name, value }) => [name, value] as const),
  ]);
  return said.filter(
    ([name, value]) =>
      typeof value === 'string' &&
      said.every(([other, its]) => other !== name || typeof its !== 'string' || its === value),
  );
}

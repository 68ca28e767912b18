import { z } from 'zod';
import { nowOf, severityOf, timeOf, toAlert } from './alert-fields.js';
import { defineSource } from './define-source.js';
import { bearerOf, digestOf, isOneOf, loginOf } from './proof.js';

const Labels = z.record(z.string(), z.string());

/** The part of Alertmanager's webhook, version 4, that says something to us. Grafana sends nearly the same. */
export const AlertGroup = z.object({
  groupKey: z.string().max(10_000),
  alerts: z
    .array(
      z.object({
        status: z.enum(['firing', 'resolved']),
        labels: Labels,
        annotations: Labels.default({}),
        startsAt: z.string(),
        endsAt: z.string().optional(),
        generatorURL: z.string().optional(),
        fingerprint: z.string().min(1).max(200),
      }),
    )
    .min(1)
    .max(2_000),
});
export type AlertGroup = z.infer<typeof AlertGroup>;
export type GroupedAlert = AlertGroup['alerts'][number];

const Payload = AlertGroup.extend({ version: z.literal('4') });

/**
 * Prometheus Alertmanager. It signs nothing, so whoever has the token is Alertmanager: a token of its own, over TLS.
 * The key is made of what a notification says, not of its bytes: both members of a pair send it, and a retry is one more.
 */
export const alertmanager = defineSource({
  id: 'alertmanager',
  title: 'Prometheus Alertmanager',
  contentTypes: ['application/json'],
  refusedWith: 401,
  settings: (all) => all.alertmanager,
  gate: ({ tokens, logins }) => ({
    refuses(header) {
      const authorization = header('authorization');
      const token = bearerOf(authorization);
      const login = loginOf(authorization);
      const known = (token !== null && isOneOf(token, tokens)) || (login !== null && isOneOf(login, logins));
      return known ? null : 'its Authorization header is missing, doubled or wrong';
    },
    prove: () => ({ genuine: true, key: null }),
  }),
  read(payload, world) {
    const group = Payload.parse(payload);
    return {
      alerts: group.alerts.map((each) => toGroupAlert('alertmanager', each, world)),
      key: keyOf(group),
    };
  },
});

export function toGroupAlert(
  source: 'alertmanager' | 'grafana',
  { status, labels, annotations, fingerprint, ...alert }: GroupedAlert,
  world: { now(): number },
  link = alert.generatorURL,
) {
  const title = annotations['summary'] ?? annotations['title'] ?? labels['alertname'] ?? '';
  return toAlert({
    source,
    status,
    fingerprint,
    title,
    severity: severityOf(labels['severity'] ?? labels['priority']),
    startsAt: timeOf(alert.startsAt) ?? nowOf(world),
    endsAt: timeOf(alert.endsAt),
    labels: Object.entries(labels),
    link,
  });
}

/** The alerts of a group come in any order. */
const keyOf = ({ groupKey, alerts }: AlertGroup): string =>
  digestOf(
    JSON.stringify([
      groupKey,
      alerts.map(({ fingerprint, status, startsAt }) => `${fingerprint} ${status} ${startsAt}`).toSorted(),
    ]),
  );

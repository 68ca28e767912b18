import type { AlertSource } from '../model/alert.js';
import { listOf } from './alert-variables.js';
import type { EnvVariables } from './env-variables.js';

/** Whatever proves a sender; two of each are valid at once, so that one can be replaced without a gap. */
export type AlertSettings = {
  alertmanager?: { tokens: readonly string[]; logins: readonly string[] };
  grafana?: { secrets: readonly string[] };
  pagerduty?: { secrets: readonly string[] };
  datadog?: { tokens: readonly string[] };
  sns?: { topics: readonly string[]; confirm: 'operator' | 'bot' };
  generic?: { secrets: readonly string[]; tokens: readonly string[] };
};

/** The variables that switch a source on: one of them is enough. */
const SWITCHES = {
  alertmanager: ['DIAG503_ALERTS_ALERTMANAGER_TOKEN', 'DIAG503_ALERTS_ALERTMANAGER_LOGIN'],
  grafana: ['DIAG503_ALERTS_GRAFANA_SECRET'],
  pagerduty: ['DIAG503_ALERTS_PAGERDUTY_SECRET'],
  datadog: ['DIAG503_ALERTS_DATADOG_TOKEN'],
  sns: ['DIAG503_ALERTS_SNS_TOPICS'],
  generic: ['DIAG503_ALERTS_GENERIC_SECRET', 'DIAG503_ALERTS_GENERIC_TOKEN'],
} as const satisfies Record<AlertSource, readonly (keyof EnvVariables)[]>;

/** The sources that are on: those with a secret, and of these only the named ones where any are named. */
export function toAlertSettings(values: EnvVariables): AlertSettings | undefined {
  const named =
    values.DIAG503_ALERTS_SOURCES === undefined ? undefined : listOf(values.DIAG503_ALERTS_SOURCES);
  const all: AlertSettings = {
    alertmanager: {
      tokens: listOf(values.DIAG503_ALERTS_ALERTMANAGER_TOKEN),
      logins: listOf(values.DIAG503_ALERTS_ALERTMANAGER_LOGIN),
    },
    grafana: { secrets: listOf(values.DIAG503_ALERTS_GRAFANA_SECRET) },
    pagerduty: { secrets: listOf(values.DIAG503_ALERTS_PAGERDUTY_SECRET) },
    datadog: { tokens: listOf(values.DIAG503_ALERTS_DATADOG_TOKEN) },
    sns: { topics: listOf(values.DIAG503_ALERTS_SNS_TOPICS), confirm: values.DIAG503_ALERTS_SNS_CONFIRM },
    generic: {
      secrets: listOf(values.DIAG503_ALERTS_GENERIC_SECRET),
      tokens: listOf(values.DIAG503_ALERTS_GENERIC_TOKEN),
    },
  };
  const isOn = (source: AlertSource): boolean =>
    SWITCHES[source].some((name) => values[name] !== undefined) && (named?.includes(source) ?? true);
  const on = Object.entries(all).filter(([source]) => isOn(source as AlertSource));
  return on.length === 0 ? undefined : Object.fromEntries(on);
}

/** A source that is wanted and could not tell its sender from anybody else. */
export function sourcesWithoutSecret(given: Readonly<Record<string, string | undefined>>): string[] {
  const named = listOf(given['DIAG503_ALERTS_SOURCES']);
  return Object.entries(SWITCHES)
    .filter(([source, names]) => named.includes(source) && names.every((name) => given[name] === undefined))
    .map(
      ([source, names]) =>
        `DIAG503_ALERTS_SOURCES: names ${source}, which has no secret, and nobody is let in without one; set ${names.join(' or ')}, or take ${source} out`,
    );
}

/** All that has to stay out of the log. */
export const alertSecrets = (settings: AlertSettings | undefined): string[] =>
  Object.values(settings ?? {}).flatMap((source) => [
    ...('tokens' in source ? source.tokens : []),
    ...('secrets' in source ? source.secrets : []),
    ...('logins' in source ? source.logins.flatMap((login) => [login.slice(login.indexOf(':') + 1)]) : []),
  ]);

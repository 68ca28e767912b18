import type { Alert, ServiceAlert } from '../model/alert.js';
import type { AlertMatcher } from '../model/alert-matcher.js';
import type { Inventory, Service } from '../model/service.js';
import { fitsGlob } from './glob.js';

/** Whose an alert is, and by which words of the inventory. */
export type AlertMatch = {
  service: string;
  /** "service=api-prod, env=prod*", or that the label `service` is the name. */
  by: string;
  /** Services further down whose labels fit as well: they do not get it. */
  also: readonly string[];
};

/**
 * Services are asked in the order of the inventory, and the first whose labels fit gets the alert. Where none fits, the
 * label `service` may be a service's name. What a sender writes only ever selects.
 */
export function matchAlert({ labels }: Pick<Alert, 'labels'>, { services }: Inventory): AlertMatch | null {
  const fitting = [...services.values()].flatMap((service) => {
    const matcher = matchersOf(service).find((each) => fits(each, labels));
    return matcher === undefined ? [] : [{ service: service.name, by: wordsOf(matcher) }];
  });
  const [first, ...others] = fitting;
  if (first !== undefined) return { ...first, also: others.map(({ service }) => service) };
  const named = own(labels, 'service');
  if (named === undefined || !services.has(named)) return null;
  return { service: named, by: 'its label service is the name', also: [] };
}

/** Alerts that are somebody's, and the others. */
export function sortAlerts(
  alerts: readonly Alert[],
  inventory: Inventory,
): { matched: ServiceAlert[]; unmatched: Alert[] } {
  const matched: ServiceAlert[] = [];
  const unmatched: Alert[] = [];
  for (const alert of alerts) {
    const match = matchAlert(alert, inventory);
    if (match === null) unmatched.push(alert);
    else matched.push({ ...alert, service: match.service });
  }
  return { matched, unmatched };
}

const matchersOf = ({ alerts }: Service): AlertMatcher[] =>
  alerts === undefined ? [] : [alerts.match].flat();

const fits = (matcher: AlertMatcher, labels: Alert['labels']): boolean =>
  Object.entries(matcher).every(([name, pattern]) => {
    const value = own(labels, name);
    return value !== undefined && fitsGlob(pattern, value);
  });

const own = (labels: Alert['labels'], name: string): string | undefined =>
  Object.hasOwn(labels, name) ? labels[name] : undefined;

const wordsOf = (matcher: AlertMatcher): string =>
  Object.entries(matcher)
    .map(([name, pattern]) => `${name}=${pattern}`)
    .join(', ');

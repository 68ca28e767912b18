import type { Alert, AlertDelivery } from '../model/alert.js';

/** Labels of monitoring carry what somebody once put into a URL or a name: it is neither stored nor posted. */
export function redactedDelivery(
  { matched, unmatched, ...delivery }: AlertDelivery,
  redact: (text: string) => string,
): AlertDelivery {
  const clean = <Given extends Alert>(alert: Given): Given => ({
    ...alert,
    title: redact(alert.title),
    labels: Object.fromEntries(
      Object.entries(alert.labels).map(([name, value]) => [name, redactedLabel(name, value, redact)]),
    ),
    link: alert.link === null ? null : redact(alert.link),
  });
  return { ...delivery, matched: matched.map(clean), unmatched: unmatched.map(clean) };
}

/** Its name tells what it is: `api_token=…`. */
function redactedLabel(name: string, value: string, redact: (text: string) => string): string {
  const shown = redact(`${name}=${value}`);
  return shown.startsWith(`${name}=`) ? shown.slice(name.length + 1) : redact(value);
}

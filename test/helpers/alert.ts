import type { Alert, AlertDelivery, ServiceAlert } from '../../src/model/alert.js';
import type { AlertPolicy } from '../../src/store/alert-standing.js';

let deliveries = 0;

export const alert = (fields: Partial<Alert> = {}): Alert => ({
  source: 'alertmanager',
  status: 'firing',
  fingerprint: 'f1',
  title: 'HighErrorRate',
  severity: 'warning',
  startsAt: new Date(Date.now() - 60_000).toISOString(),
  endsAt: null,
  labels: { alertname: 'HighErrorRate' },
  link: null,
  ...fields,
});

/** One delivery about one service; `key` makes it the same again. */
export const delivery = (
  service: string,
  alerts: readonly Partial<Alert>[] = [{}],
  key = `k${++deliveries}`,
): AlertDelivery => ({
  source: 'alertmanager',
  key,
  matched: alerts.map((fields): ServiceAlert => ({ ...alert(fields), service })),
  unmatched: [],
});

export const policy = (fields: Partial<AlertPolicy> = {}): AlertPolicy => ({
  channel: 'C0OPS',
  lookAgainMinutes: 15,
  maintenanceUntil: null,
  ...fields,
});

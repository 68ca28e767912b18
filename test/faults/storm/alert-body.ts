import type { Random } from '../random.js';

/** Alertmanager's webhook, version 4, with one alert of a service. */
export function alertBody(fingerprint: string, service: string, random: Random): string {
  const severity = random.next() < 0.9 ? 'warning' : 'critical';
  const labels = { alertname: 'ServiceAnswers503', service, severity, instance: `${fingerprint}:8000` };
  const alert = {
    ...{ status: 'firing', labels, annotations: { summary: `${service} answers 503` }, fingerprint },
    ...{ startsAt: new Date().toISOString(), endsAt: '0001-01-01T00:00:00Z', generatorURL: '' },
  };
  return JSON.stringify({
    ...{ version: '4', receiver: 'diag503', status: 'firing', truncatedAlerts: 0 },
    groupKey: `{}:{instance="${fingerprint}"}`,
    ...{ groupLabels: labels, commonLabels: labels, commonAnnotations: {}, externalURL: '' },
    alerts: [alert],
  });
}

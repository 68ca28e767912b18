import { z } from 'zod';

const ASK_MS = 5_000;
const ask = (url: string): Promise<Response> => fetch(url, { signal: AbortSignal.timeout(ASK_MS) });

/** What it has posted to webhooks, by its own count. */
export type Sent = { posts: number; failed: number };

export async function sentBy(replica: string): Promise<Sent> {
  const text = await (await ask(`${replica}/metrics`)).text();
  const sumOf = (metric: string): number =>
    text
      .split('\n')
      .filter((line) => line.startsWith(`${metric}{`) && line.includes('integration="webhook"'))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
  return {
    posts: sumOf('alertmanager_notifications_total'),
    failed: sumOf('alertmanager_notifications_failed_total'),
  };
}

const Alerts = z.array(
  z.object({ labels: z.record(z.string(), z.string()), startsAt: z.iso.datetime({ offset: true }) }),
);

/** When the first rule about a service began to fire, by Prometheus's clock; null: none fires. */
export async function firingSince(replica: string, service: string): Promise<number | null> {
  const all = Alerts.parse(await (await ask(`${replica}/api/v2/alerts?active=true`)).json());
  const times = all
    .filter(({ labels }) => labels['service'] === service)
    .map(({ startsAt }) => Date.parse(startsAt));
  return times.length === 0 ? null : Math.min(...times);
}

/** The hosts of the lab: one for each server, three for the app. Each role's files stand in `hosts/ROLE`. */
export const HOSTS = {
  'lb-1': { role: 'balancer', address: '10.203.0.10' },
  'web-1': { role: 'web', address: '10.203.0.11' },
  'web-2': { role: 'web', address: '10.203.0.12' },
  'web-3': { role: 'web', address: '10.203.0.13' },
  'db-1': { role: 'database', address: '10.203.0.21' },
  'pool-1': { role: 'pooler', address: '10.203.0.22' },
  'cache-1': { role: 'cache', address: '10.203.0.23' },
  'pay-1': { role: 'payments', address: '10.203.0.24' },
  'ns-1': { role: 'names', address: '10.203.0.25' },
} as const;

export type HostName = keyof typeof HOSTS;
export const HOST_NAMES = Object.keys(HOSTS) as HostName[];
export const WEB = ['web-1', 'web-2', 'web-3'] as const satisfies readonly HostName[];

/** What users call: the balancer's address, one name for each service. */
export const PUBLIC_NAMES = ['shop.lab.test', 'desk.lab.test'] as const;

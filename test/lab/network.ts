import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** The namespace in which tests, bot and worker stand; only there the hosts' addresses exist. */
export const CLIENT_NAMESPACE = 'd503-lab';
const hostNamespace = (name: string): string => `d503-${name}`;

const ip = (...args: string[]): void => {
  execFileSync('ip', args, { stdio: 'pipe' });
};

/** Makes the client's namespace with a bridge. */
export function createNetwork(): void {
  ip('netns', 'add', CLIENT_NAMESPACE);
  ip('-n', CLIENT_NAMESPACE, 'link', 'add', 'br0', 'type', 'bridge');
  ip('-n', CLIENT_NAMESPACE, 'addr', 'add', '10.203.0.1/24', 'dev', 'br0');
  ip('-n', CLIENT_NAMESPACE, 'link', 'set', 'br0', 'up');
  ip('-n', CLIENT_NAMESPACE, 'link', 'set', 'lo', 'up');
}

/** A namespace for one host, wired to the bridge. Returns its path for systemd-nspawn. */
export function plugHost(name: string, address: string): string {
  const namespace = hostNamespace(name);
  ip('netns', 'add', namespace);
  ip(
    'link',
    'add',
    `pv-${name}`,
    'netns',
    CLIENT_NAMESPACE,
    'type',
    'veth',
    'peer',
    'name',
    'host0',
    'netns',
    namespace,
  );
  ip('-n', CLIENT_NAMESPACE, 'link', 'set', `pv-${name}`, 'master', 'br0', 'up');
  ip('-n', namespace, 'addr', 'add', `${address}/24`, 'dev', 'host0');
  ip('-n', namespace, 'link', 'set', 'host0', 'up');
  ip('-n', namespace, 'link', 'set', 'lo', 'up');
  return `/run/netns/${namespace}`;
}

/** Deletes what is there, also what a crashed run left. */
export function removeNetwork(hosts: readonly string[]): void {
  for (const namespace of [...hosts.map(hostNamespace), CLIENT_NAMESPACE])
    if (existsSync(`/run/netns/${namespace}`)) ip('netns', 'del', namespace);
}

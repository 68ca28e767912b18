import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** Labs of different names run side by side: nothing of one is seen from another. */
export const LAB = process.env['LAB_NAME'] ?? 'lab';
if (!/^[a-z0-9]{1,12}$/.test(LAB)) throw new Error('LAB_NAME must be 1 to 12 of a-z and 0-9.');

/** The namespace in which tests, bot and worker stand; only there the hosts' addresses exist. */
export const CLIENT_NAMESPACE = `d503-${LAB}`;
const hostNamespace = (name: string): string => `${CLIENT_NAMESPACE}-${name}`;

const NAMESPACES = '/run/netns';

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
  return path.join(NAMESPACES, namespace);
}

/** Pulls the host's cable, or plugs it in again. Returns the path of its namespace. */
export function setLink(name: string, state: 'up' | 'down'): string {
  ip('-n', hostNamespace(name), 'link', 'set', 'host0', state);
  return path.join(NAMESPACES, hostNamespace(name));
}

/** Deletes what is there, also what a crashed run left. Interfaces go with their namespaces. */
export function removeNetwork(): void {
  const all = existsSync(NAMESPACES) ? readdirSync(NAMESPACES) : [];
  for (const namespace of all)
    if (namespace === CLIENT_NAMESPACE || namespace.startsWith(hostNamespace(''))) removeNamespace(namespace);
}

/** Whatever still runs in it would keep it alive without a name. */
function removeNamespace(namespace: string): void {
  const pids = execFileSync('ip', ['netns', 'pids', namespace], { encoding: 'utf8' }).split('\n');
  for (const pid of pids) if (pid !== '') killIfThere(Number(pid));
  ip('netns', 'del', namespace);
}

export function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error; // it has ended already
  }
}

import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { killIfThere, LAB } from './network.js';

/**
 * A lab host's control groups. On a machine that keeps its controllers on cgroup v1 a host on v2 has none, so there
 * `MemoryMax=` and `CPUQuota=` do nothing; a host on v1 may be given the machine's own, below a group of its own.
 */
const GROUPS = '/sys/fs/cgroup';
const CONTROLLERS = ['memory', 'cpu', 'cpuacct', 'pids'] as const;
/** Also those that only keep order: hosts that share a group take each other's units for their own. */
const HIERARCHIES = [...CONTROLLERS, 'systemd', 'unified'] as const;
type Hierarchy = (typeof HIERARCHIES)[number];

/** The host's group in one hierarchy, as this machine sees it. */
export const groupOf = (host: string, hierarchy: Hierarchy): string =>
  path.join(GROUPS, hierarchy, `d503-${LAB}-${host}`);

/** A group counts like one process of 1024 where it competes with this machine's own; a host is many. */
const CPU_SHARES = 16 * 1024;

/** What starts a command so that it and all that it starts stand in the host's groups. */
export function inGroups(host: string, command: readonly string[]): string[] {
  const groups = HIERARCHIES.filter((hierarchy) => existsSync(path.join(GROUPS, hierarchy))).map(
    (hierarchy) => groupOf(host, hierarchy),
  );
  for (const group of groups) mkdirSync(group, { recursive: true });
  const shares = path.join(groupOf(host, 'cpu'), 'cpu.shares');
  if (existsSync(shares)) writeFileSync(shares, String(CPU_SHARES));
  const enter = groups.map((group) => `echo $$ >${group}/cgroup.procs`);
  return ['sh', '-c', [...enter, 'exec "$@"'].join(' && '), 'sh', ...command];
}

/** To be run inside, once it is up: systemd-nspawn mounts the controllers read-only, and systemd does not use such. */
export const USE_CONTROLLERS = [
  `for c in ${CONTROLLERS.join(' ')}; do mount -o remount,bind,rw ${GROUPS}/$c; done`,
  'systemctl daemon-reexec',
].join(' && ');

/** CPU time that everything in the host has used, in milliseconds. */
export const cpuMsOf = (host: string): number =>
  Number(readFileSync(path.join(groupOf(host, 'cpuacct'), 'cpuacct.usage'), 'utf8')) / 1e6;

/** The last processes of a killed host leave a moment later. */
const LEAVE_MS = 5000;

export function removeGroups(host: string): void {
  const deadline = Date.now() + LEAVE_MS;
  for (const hierarchy of HIERARCHIES) removeGroup(groupOf(host, hierarchy), deadline);
}

function removeGroup(group: string, deadline: number): void {
  if (!existsSync(group)) return;
  // A host whose systemd-nspawn was killed lives on, and only its groups still know it.
  for (const pid of readFileSync(path.join(group, 'cgroup.procs'), 'utf8').split('\n'))
    if (Number(pid) > 0) killIfThere(Number(pid));
  for (const entry of readdirSync(group, { withFileTypes: true }))
    if (entry.isDirectory()) removeGroup(path.join(group, entry.name), deadline);
  while (existsSync(group)) {
    try {
      rmdirSync(group);
    } catch (error) {
      if (Date.now() > deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    }
  }
}

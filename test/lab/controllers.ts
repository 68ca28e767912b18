import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import { LAB } from './network.js';

/**
 * A lab host's control groups. On a machine that keeps its controllers on cgroup v1 a host on v2 has none, so there
 * `MemoryMax=` and `CPUQuota=` do nothing; a host on v1 may be given the machine's own, below a group of its own.
 */
const GROUPS = '/sys/fs/cgroup';
const CONTROLLERS = ['memory', 'cpu', 'cpuacct', 'pids'] as const;
type Controller = (typeof CONTROLLERS)[number];

/** The host's group of one controller, as this machine sees it. */
export const groupOf = (host: string, controller: Controller): string =>
  path.join(GROUPS, controller, `d503-${LAB}-${host}`);

/** What starts a command so that it and all that it starts stand in the host's groups. */
export function inGroups(host: string, command: readonly string[]): string[] {
  const groups = CONTROLLERS.filter((controller) => existsSync(path.join(GROUPS, controller))).map(
    (controller) => groupOf(host, controller),
  );
  for (const group of groups) mkdirSync(group, { recursive: true });
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
  for (const controller of CONTROLLERS) removeGroup(groupOf(host, controller), deadline);
}

function removeGroup(group: string, deadline: number): void {
  if (!existsSync(group)) return;
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

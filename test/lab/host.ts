import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inGroups, removeGroups, USE_CONTROLLERS } from './controllers.js';
import { raiseKernelLimits } from './kernel-limits.js';
import { killIfThere, LAB, plugHost, setLink } from './network.js';

/** Everything that a running lab keeps; one folder for each host. */
export const RUNNING = path.join('/var/tmp/diag503-lab', LAB);

/** What hangs must not hold a suite up. */
const COMMAND_MS = 120_000;

export type LabHost = {
  readonly name: string;
  readonly address: string;
  /** Its process 1, as this machine numbers it. */
  readonly init: number;
  /** Runs a command as root inside the host and returns its standard output. */
  readonly run: (...argv: string[]) => string;
  /** The same through the host's shell. */
  readonly sh: (script: string) => string;
  /** Starts a command inside the host that goes on until the host ends. */
  start(...argv: string[]): void;
  stop(): Promise<void>;
};

type HostOptions = {
  name: string;
  address: string;
  rootfs: string;
  /** May log in as diag503. */
  publicKey: string;
  /** Folder that is laid into the host before it boots, keyed by its place there. */
  files: Record<string, string>;
  /** Boots it on cgroup v1 with controllers, so that `MemoryMax=`, `CPUQuota=` and `TasksMax=` bite. Else v2, without. */
  controllers?: boolean;
};

/** Boots one real systemd host on a throw-away overlay of the common root folder. */
export async function bootHost(options: HostOptions): Promise<LabHost> {
  const { name, address, rootfs, publicKey, files, controllers = false } = options;
  raiseKernelLimits();
  const folder = path.join(RUNNING, name);
  const root = path.join(folder, 'root');
  for (const part of ['upper', 'work', 'root']) mkdirSync(path.join(folder, part), { recursive: true });
  const layers = `lowerdir=${rootfs},upperdir=${folder}/upper,workdir=${folder}/work,volatile`;
  execFileSync('mount', ['-t', 'overlay', 'overlay', '-o', layers, root]);

  writeFileSync(path.join(root, 'etc/hostname'), `${name}\n`);
  writeFileSync(path.join(root, 'etc/hosts'), `127.0.0.1 localhost\n${address} ${name}\n`);
  writeFileSync(path.join(root, 'etc/machine-id'), `${randomBytes(16).toString('hex')}\n`);
  mkdirSync(path.join(root, 'home/diag503/.ssh'), { recursive: true });
  writeFileSync(path.join(root, 'home/diag503/.ssh/authorized_keys'), publicKey);
  for (const [place, source] of Object.entries(files))
    cpSync(source, path.join(root, place), { recursive: true });

  return start({ name, address, controllers, namespace: plugHost(name, address) });
}

type Start = { name: string; address: string; controllers: boolean; namespace: string };

async function start({ name, address, controllers, namespace }: Start): Promise<LabHost> {
  const folder = path.join(RUNNING, name);
  const root = path.join(folder, 'root');
  const console = openSync(path.join(folder, 'console.log'), 'w');
  const boot = inGroups(name, [
    ...['systemd-nspawn', '-q', '--register=no', '--keep-unit', '-D', root],
    ...[`--network-namespace-path=${namespace}`, '--resolv-conf=off', '--console=read-only', '-b'],
  ]);
  const nspawn = spawn('sh', boot.slice(1), {
    detached: true,
    stdio: ['ignore', console, console],
    env: { ...process.env, SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: controllers ? '0' : '1' },
  });
  // A lab that stays up must not keep the process that made it.
  nspawn.unref();
  const init = await waitForInit(nspawn, folder);
  const host = hostAt(name, address, init, nspawn.pid);
  await waitUntilBooted(host.run, folder);
  if (controllers) host.run('sh', '-c', USE_CONTROLLERS);
  return host;
}

/**
 * Its power is gone, and comes again: nothing says good-bye, not even to who is connected, and what its disk has stays.
 * What had not been written to the disk is there as well, which a real loss of power does not promise.
 */
export async function powerCycle({ name, address, init }: LabHost, controllers = false): Promise<LabHost> {
  const root = path.join(RUNNING, name, 'root');
  const namespace = setLink(name, 'down');
  const nspawn = processes().find(({ command }) => runsIn(command, root));
  killHost(init, undefined);
  const isGone = (): boolean =>
    !existsSync(`/proc/${init}`) && (nspawn === undefined || !existsSync(`/proc/${nspawn.pid}`));
  await waitUntil(isGone, 20_000, `${name} to lose its power`);
  setLink(name, 'up');
  return start({ name, address, controllers, namespace });
}

/** A host that another process has booted; undefined where it is not up. */
export function findHost(name: string, address: string): LabHost | undefined {
  const root = path.join(RUNNING, name, 'root');
  const nspawn = processes().find(({ command }) => runsIn(command, root));
  const init = nspawn && childOf(nspawn.pid);
  return init === undefined ? undefined : hostAt(name, address, init, nspawn?.pid);
}

const runsIn = (command: string, root: string): boolean =>
  command.includes('systemd-nspawn') && command.includes(` ${root} `);

function hostAt(name: string, address: string, init: number, nspawn: number | undefined): LabHost {
  const inside = ['-t', String(init), '-m', '-u', '-i', '-n', '-p', '--'];
  const run = (...argv: string[]): string =>
    execFileSync('nsenter', [...inside, ...argv], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: COMMAND_MS,
    });
  return {
    name,
    address,
    init,
    run,
    sh: (script) => run('sh', '-euc', script),
    start: (...argv) => {
      spawn('nsenter', [...inside, ...argv], { stdio: 'ignore', detached: true }).unref();
    },
    stop: async () => {
      killHost(init, nspawn);
      await waitUntil(() => !existsSync(`/proc/${init}`), 10_000, 'the host to end');
      removeHostFolder(name);
    },
  };
}

/** Ends hosts, mounts and folders that a crashed run left behind. */
export function removeLeftovers(): string[] {
  const names = existsSync(RUNNING) ? readdirSync(RUNNING) : [];
  for (const name of names) {
    for (const { pid, command } of processes())
      if (runsIn(command, path.join(RUNNING, name, 'root'))) {
        const init = childOf(pid);
        killHost(init, pid);
      }
    removeHostFolder(name);
  }
  return names;
}

function removeHostFolder(name: string): void {
  removeGroups(name);
  const root = path.join(RUNNING, name, 'root');
  if (readFileSync('/proc/self/mounts', 'utf8').includes(` ${root} `)) execFileSync('umount', ['-l', root]);
  rmSync(path.join(RUNNING, name), { recursive: true, force: true });
}

function killHost(init: number | undefined, nspawn: number | undefined): void {
  for (const pid of [init, nspawn]) if (pid !== undefined) killIfThere(pid);
}

async function waitForInit(nspawn: ChildProcess, folder: string): Promise<number> {
  let init: number | undefined;
  const isThere = (): boolean => {
    if (nspawn.pid === undefined || nspawn.exitCode !== null) throw new Error(ended(folder));
    return (init = initOf(nspawn.pid)) !== undefined;
  };
  await waitUntil(isThere, 10_000, `process 1 of the host (see ${folder}/console.log)`);
  if (init === undefined) throw new Error(ended(folder));
  return init;
}

const ended = (folder: string): string =>
  `The host ended as it began. The end of its console: ${readFileSync(path.join(folder, 'console.log'), 'utf8').slice(-500)}`;

async function waitUntilBooted(run: LabHost['run'], folder: string): Promise<void> {
  const booted = (): boolean => {
    try {
      return run('systemctl', 'is-active', 'ssh').trim() === 'active';
    } catch {
      return false; // not up yet: systemctl fails until the bus is there
    }
  };
  await waitUntil(booted, 120_000, `the host to boot (see ${folder}/console.log)`);
}

async function waitUntil(condition: () => boolean, timeoutMs: number, what: string): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs / 1000} s for ${what}.`);
    await sleep(100);
  }
}

function processes(): { pid: number; command: string }[] {
  const pids = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
  return pids.flatMap((pid) => {
    try {
      return [
        { pid: Number(pid), command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') },
      ];
    } catch {
      return []; // ended meanwhile
    }
  });
}

/** The first child of systemd-nspawn is a helper that makes the second and ends: taking it for init waits for ever. */
function initOf(nspawn: number): number | undefined {
  try {
    const child = childOf(nspawn);
    const ids = child === undefined ? '' : readFileSync(`/proc/${child}/status`, 'utf8');
    return /^NSpid:.*\t1$/m.test(ids) ? child : undefined;
  } catch {
    return undefined; // the helper, or all of it, has ended meanwhile
  }
}

function childOf(parent: number): number | undefined {
  const children = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim().split(' ');
  const first = Number(children[0]);
  return first > 0 ? first : undefined;
}

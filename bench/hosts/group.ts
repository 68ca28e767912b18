import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A cgroup (v2) of the benchmark. The kernel adds up the CPU time of all that ever ran in it, ended or not, to the
 * microsecond and without a controller; /proc would forget processes whose parent did not wait for them.
 */
export type Group = {
  readonly folder: string;
  /** Writing a process id here moves it in. */
  readonly procs: string;
  child(name: string): Group;
  cpuMs(): number;
  pids(): number[];
  kill(): void;
  remove(): Promise<void>;
};

/** Where cgroup v2 is mounted: /sys/fs/cgroup, or beside v1 under /sys/fs/cgroup/unified. */
const mountOfV2 = (): string => {
  const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n');
  const place = mounts.map((line) => line.split(' ')).find(([, , type]) => type === 'cgroup2')?.[1];
  if (place === undefined)
    throw new Error('The benchmark counts CPU time by cgroup v2, which is not mounted.');
  return place;
};

export const benchGroup = (name: string): Group => groupAt(path.join(mountOfV2(), `diag503-bench-${name}`));

const groupAt = (folder: string): Group => {
  mkdirSync(folder, { recursive: true });
  return {
    folder,
    procs: path.join(folder, 'cgroup.procs'),
    child: (name) => groupAt(path.join(folder, name)),
    cpuMs: () => {
      const used = /^usage_usec (\d+)/m.exec(readFileSync(path.join(folder, 'cpu.stat'), 'utf8'))?.[1];
      return Number(used) / 1000;
    },
    pids: () => pidsIn(folder),
    kill: () => writeFileSync(path.join(folder, 'cgroup.kill'), '1'),
    remove: () => remove(folder),
  };
};

const foldersIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => path.join(folder, entry.name));

const pidsIn = (folder: string): number[] => [
  ...readFileSync(path.join(folder, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number),
  ...foldersIn(folder).flatMap(pidsIn),
];

/** What was killed leaves its group a moment later. */
const remove = async (folder: string): Promise<void> => {
  for (let tries = 0; existsSync(folder); tries += 1)
    try {
      removeTree(folder);
    } catch (error) {
      if (tries > 50) throw error;
      await sleep(100);
    }
};

const removeTree = (folder: string): void => {
  foldersIn(folder).forEach(removeTree);
  rmdirSync(folder);
};

import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second, whatever the kernel was built for. */
const MS_PER_TICK = 10;

type Stat = { parent: number; ms: number };

/** Milliseconds on a CPU of a process and of what it started: also of children that have ended, once it knows of that. 0 where there is none. */
export function cpuMsOf(pid: number | undefined): number {
  if (pid === undefined) return 0;
  const stats = new Map(pids().flatMap((each) => entry(each)));
  const children = (parent: number): number[] =>
    [...stats].flatMap(([each, stat]) => (stat.parent === parent ? [each] : []));
  const sum = (each: number): number =>
    (stats.get(each)?.ms ?? 0) + children(each).reduce((total, child) => total + sum(child), 0);
  return sum(pid);
}

const pids = (): number[] => readdirSync('/proc').map(Number).filter(Number.isInteger);

/** `/proc/PID/stat`: behind the name in brackets, which may hold anything, come state, parent and so on. */
function entry(pid: number): [number, Stat][] {
  const fields = read(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ') ?? [];
  const [, parent] = fields;
  // utime, stime, and both of children that were waited for
  const ticks = fields.slice(11, 15).reduce((total, field) => total + Number(field), 0);
  return parent === undefined ? [] : [[pid, { parent: Number(parent), ms: ticks * MS_PER_TICK }]];
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // it has ended meanwhile
  }
}

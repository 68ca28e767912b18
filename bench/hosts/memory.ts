import { readFileSync } from 'node:fs';
import type { Group } from './group.js';

/** Proportional: pages that several processes share are counted once. */
export const memoryOf = (group: Group): number =>
  group.pids().reduce((sum, pid) => sum + proportionalBytes(pid), 0);

const proportionalBytes = (pid: number): number => {
  try {
    return (
      Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) * 1024
    );
  } catch {
    return 0; // it has ended meanwhile
  }
};

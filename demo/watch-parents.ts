import { readFileSync } from 'node:fs';

const EVERY_MS = 300;

/**
 * Calls `gone` when the process that started the demo has ended without telling it. A SIGKILL of npm reaches neither
 * npm's shell nor us: both are handed to init, which is all there is to notice.
 */
export function watchParents(gone: () => void): void {
  const family = [process.pid, process.ppid].map((pid) => ({ pid, parent: parentOf(pid) }));
  const timer = setInterval(() => {
    if (family.every(({ pid, parent }) => parentOf(pid) === parent)) return;
    clearInterval(timer);
    gone();
  }, EVERY_MS);
  timer.unref();
}

/** Field 4 of /proc/PID/stat; the name in field 2 may hold spaces. Elsewhere than on Linux: our own parent only. */
function parentOf(pid: number): number {
  if (process.platform !== 'linux') return pid === process.pid ? process.ppid : 0;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return -1; // it has ended
  }
}

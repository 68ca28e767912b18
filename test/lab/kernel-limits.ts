import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The kernel's defaults stop the 22nd systemd on one machine ("Too many open files"). */
const WANTED = { 'fs/inotify/max_user_instances': 8192, 'fs/inotify/max_user_watches': 1_048_576 };

/** Only raised, and left so: other labs may run beside this one. */
export function raiseKernelLimits(): void {
  for (const [name, wanted] of Object.entries(WANTED)) {
    const file = path.join('/proc/sys', name);
    if (Number(readFileSync(file, 'utf8')) < wanted) writeFileSync(file, String(wanted));
  }
}

import { appendFileSync, accessSync, constants } from 'node:fs';
import path from 'node:path';

/** Debian package of each program that a test may need. */
export const PACKAGES = {
  'redis-server': 'redis-server',
  sshd: 'openssh-server',
  haproxy: 'haproxy',
  nginx: 'nginx-light',
  chromium: 'chromium',
  busybox: 'busybox',
  openssl: 'openssl',
  'systemd-nspawn': 'systemd-container',
  debootstrap: 'debootstrap',
} as const;
export type Program = keyof typeof PACKAGES;

/** Where the reporter collects what was skipped; see test/servers/skip-reporter.ts. */
export const SKIP_LOG = 'TEST_SKIP_LOG';

/** Set in CI: a missing program is then a failure, not a skip. */
export const REQUIRE_ALL = 'TEST_REQUIRE_SERVERS';

/**
 * Whether this machine has the program: `describe.skipIf(!needs('sshd'))(…)`.
 * What is missing is listed at the end of the test run with the line that installs it.
 */
export function needs(program: Program): boolean {
  if (findProgram(program) !== null) return true;
  if (process.env[REQUIRE_ALL] === '1')
    throw new Error(`${program} is missing, and ${REQUIRE_ALL}=1: apt-get install ${PACKAGES[program]}`);
  const log = process.env[SKIP_LOG];
  if (log !== undefined) appendFileSync(log, `${program}\n`);
  return false;
}

/** Absolute path of a program, sbin folders included, or null. */
export function findProgram(program: string): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/sbin', '/usr/local/sbin'];
  for (const folder of folders) {
    const file = path.join(folder, program);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      continue; // not in this folder
    }
  }
  return null;
}

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inGroups, removeGroups } from './controllers.js';
import { CLIENT_NAMESPACE } from './network.js';
import { HOSTS, PUBLIC_NAMES } from './topology.js';

/** Where users, the worker and its command line stand: the client's namespace. */
const FILES = path.join('/etc/netns', CLIENT_NAMESPACE);

/** `ip netns exec` lays these over /etc for what it starts. */
export function writeClientNames(): void {
  mkdirSync(FILES, { recursive: true });
  const names = PUBLIC_NAMES.map((name) => `${HOSTS['lb-1'].address} ${name}\n`).join('');
  writeFileSync(path.join(FILES, 'hosts'), `127.0.0.1 localhost\n${names}`);
}

export const removeClientNames = (): void => rmSync(FILES, { recursive: true, force: true });

/** Users and the worker stand on one more machine, as strong as a host: those that burn every core do not starve it. */
const CLIENT = 'client';
const inside = (command: readonly string[]): [string, string[]] => {
  const [program = '', ...args] = inGroups(CLIENT, ['ip', 'netns', 'exec', CLIENT_NAMESPACE, ...command]);
  return [program, args];
};

export const removeClientGroups = (): void => removeGroups(CLIENT);

/** No command of the suite takes longer: what hangs must not hold the rest up. */
const COMMAND_MS = 90_000;

export type Ended = { status: number | null; stdout: string; stderr: string };

export function runBesideHosts(command: readonly string[], env: Record<string, string> = {}): Ended {
  const { status, stdout, stderr } = spawnSync(...inside(command), {
    encoding: 'utf8',
    env: { ...process.env, ...env },
    maxBuffer: 64 * 1024 * 1024,
    timeout: COMMAND_MS,
  });
  return { status, stdout, stderr };
}

/** What is too long for a command: a whole suite that stands where the worker stands. Its output is ours. */
export const stayBesideHosts = (command: readonly string[]): number =>
  spawnSync(...inside(command), { stdio: 'inherit' }).status ?? 1;

/** The same for one that hears signals meanwhile; `pipe` where we speak with it. */
export const goBesideHosts = (
  command: readonly string[],
  spoken: 'inherit' | 'pipe' = 'inherit',
): ChildProcess => spawn(...inside(command), { stdio: [spoken, spoken, 'inherit'] });

/** Goes on until it ends by itself or is killed; `setsid` lets it outlive this process. */
export function startBesideHosts(command: readonly string[]): ChildProcess {
  const child = spawn(...inside(command), { stdio: 'ignore', detached: true });
  child.unref();
  return child;
}

/** The status that a user gets, 0 where there is no answer within two seconds. */
export function askAsUser(url: string, maxSeconds = 2): number {
  const format = ['-s', '-o', '/dev/null', '-m', String(maxSeconds), '-w', '%{http_code}'];
  return Number(runBesideHosts(['curl', ...format, url]).stdout);
}

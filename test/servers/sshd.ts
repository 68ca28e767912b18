import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.js';
import { findProgram } from './require-server.js';

export type SshServer = {
  port: number;
  user: string;
  folder: string;
  /** A private key that may log in. */
  identityFile: string;
  /** Names this server and nothing else. */
  knownHostsPath: string;
  fingerprint: (type: 'ed25519' | 'rsa') => string;
  /** Failed and successful logins, for counting. */
  log: () => string;
  /** Ends sshd and every connection of it. */
  stop: () => Promise<void>;
};

/** A real sshd on a free port of loopback, run by whoever runs the test, with keys of its own. */
export const startSshd = async (
  options: { config?: string[]; keyOptions?: string; port?: number } = {},
): Promise<SshServer> => {
  const folder = mkdtempSync(path.join(tmpdir(), 'diag503-sshd-'));
  const file = (name: string): string => path.join(folder, name);
  for (const [name, type] of [
    ['host_ed25519', 'ed25519'],
    ['host_rsa', 'rsa'],
    ['id', 'ed25519'],
  ] as const)
    keygen(file(name), type);
  const userKey = readFileSync(file('id.pub'), 'utf8');
  writeFileSync(file('authorized_keys'), `${options.keyOptions ? `${options.keyOptions} ` : ''}${userKey}`);
  const port = options.port ?? (await freePort());
  const hostKey = readFileSync(file('host_ed25519.pub'), 'utf8');
  writeFileSync(file('known_hosts'), `[127.0.0.1]:${port} ${hostKey}`);
  // sshd takes the first value that it reads: what a test wants goes first.
  const config = [
    ...(options.config ?? []),
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${file('host_ed25519')}`,
    `HostKey ${file('host_rsa')}`,
    `AuthorizedKeysFile ${file('authorized_keys')}`,
    'PidFile none',
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'PermitRootLogin yes',
    'LogLevel VERBOSE',
  ];
  writeFileSync(file('sshd_config'), `${config.join('\n')}\n`);
  const sshd = findProgram('sshd');
  if (sshd === null) throw new Error('sshd is missing');
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const child = spawn(sshd, ['-D', '-e', '-f', file('sshd_config')], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  for (let tries = 0; !log.includes('Server listening'); tries++) {
    if (tries > 200 || child.exitCode !== null) throw new Error(`sshd did not start: ${log}`);
    await sleep(25);
  }
  return {
    port,
    user: userInfo().username,
    folder,
    identityFile: file('id'),
    knownHostsPath: file('known_hosts'),
    fingerprint: (type) => {
      const { stdout } = spawnSync('ssh-keygen', ['-lf', file(`host_${type}.pub`)], { encoding: 'utf8' });
      return stdout.split(' ')[1] ?? '';
    },
    log: () => log,
    stop: async () => {
      // Connections are processes of their own, children of the listener: they end with it, not after it.
      for (const pid of childrenOf(child.pid ?? 0)) signal(pid, 'SIGKILL');
      child.kill('SIGTERM');
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

export const keygen = (file: string, type: 'ed25519' | 'rsa', passphrase = ''): void => {
  const bits = type === 'rsa' ? ['-b', '2048'] : [];
  spawnSync('ssh-keygen', ['-q', '-t', type, ...bits, '-N', passphrase, '-C', 'test', '-f', file]);
  if (!existsSync(file)) throw new Error(`ssh-keygen made no ${file}`);
  chmodSync(file, 0o600);
};

/** Kills every connection of this sshd, as a host does that reboots. */
export const childrenOf = (pid: number): number[] => {
  const { stdout } = spawnSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' });
  const direct = stdout.split('\n').flatMap((line) => (line.trim() === '' ? [] : [Number(line)]));
  return direct.flatMap((child) => [child, ...childrenOf(child)]);
};

const signal = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name);
  } catch {
    return; // it ended by itself
  }
};

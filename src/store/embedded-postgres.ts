import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { openSync, closeSync } from 'node:fs';
import { mkdir, readFile, rename, rm, chown } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { type Account, binaries, reachableDataDir, serverAccount, socketFolder } from './postgres-files.js';
import { postgresOwner } from './postgres-owner.js';

export type RunningPostgres = {
  readonly url: string;
  /** Where it really keeps its data (root below a 0700 home: elsewhere). */
  readonly dataDir: string;
  stop(): Promise<void>;
  /** Resolves when the server ends, asked or not. */
  readonly exited: Promise<void>;
};
type Options = { dataDir: string; settings?: Record<string, string | number> };

const USER = 'diag503';
const START_MS = 30_000;
const STOP_MS = 10_000;

/** Reachable through its socket only; small, because it serves one process and its BullMQ. */
const SETTINGS = { listen_addresses: '', port: 5432, max_connections: 60, shared_buffers: '32MB' };

/** The bot's own PostgreSQL where no DATABASE_URL is given. */
export const startEmbeddedPostgres = ({ dataDir }: { dataDir: string }): Promise<RunningPostgres> =>
  startPostgres({ dataDir });

/** A private PostgreSQL from the binaries that npm ships. Ends with this process, even when that is killed. */
export async function startPostgres({ dataDir, settings = {} }: Options): Promise<RunningPostgres> {
  const account = serverAccount();
  const home = await reachableDataDir(dataDir, account);
  const data = path.join(home, 'postgres');
  const bin = await binaries(account);
  await createCluster(bin, data, account);
  await ensureFree(data, dataDir);
  const socket = await socketFolder(home, account);
  const all = { ...SETTINGS, unix_socket_directories: socket, ...settings };
  const log = path.join(home, 'postgres.log');
  const child = launch({ bin, data, log, settings: all, account });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  // `host` in the query wins; without one in its usual place the address would not be a URL to other parsers.
  const url = `postgres://${USER}@localhost/postgres?host=${encodeURIComponent(socket)}&port=${all.port}`;
  const stop = async (): Promise<void> => {
    await stopServer(child, exited);
    await rm(socket, { recursive: true, force: true });
  };
  try {
    await untilReady(url, child, log);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, dataDir: home, stop, exited };
}

const run = promisify(execFile);

/** Made beside and renamed, so that a crash leaves no half of one. */
async function createCluster(bin: string, data: string, account: Account): Promise<void> {
  if ((await readFile(path.join(data, 'PG_VERSION'), 'utf8').catch(() => null)) !== null) return;
  const fresh = `${data}.new-${process.pid}`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { mode: 0o700 });
  if (account !== null) await chown(fresh, account.uid, account.gid);
  const options = [
    '-D',
    fresh,
    '-U',
    USER,
    '--auth=trust',
    '-E',
    'UTF8',
    '--locale=C',
    '--no-sync',
    '--no-instructions',
  ];
  try {
    await run(path.join(bin, 'initdb'), options, { cwd: '/', env: {}, ...account });
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    throw new Error(`the embedded PostgreSQL could not make its files in ${data}: ${complaint(error)}`, {
      cause: error,
    });
  }
  await rename(fresh, data).catch(async (error: unknown) => {
    await rm(fresh, { recursive: true, force: true });
    const other = await readFile(path.join(data, 'PG_VERSION'), 'utf8').catch(() => null);
    if (other === null) throw error; // else another process made it meanwhile
  });
}

/** A user id without a name (some containers) is the usual one: PostgreSQL insists on a name. */
function complaint(error: unknown): string {
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
  const way = said.includes('user does not exist') ? '; give the user a name, or set DATABASE_URL' : '';
  return `${said || String(error)}${way}`;
}

/** A server whose parent was killed needs a moment to end; one that stays belongs to somebody. */
async function ensureFree(data: string, dataDir: string): Promise<void> {
  const deadline = Date.now() + 3_000;
  for (;;) {
    const owner = await postgresOwner(data);
    if (owner === null) return;
    if (Date.now() > deadline)
      throw new Error(
        `another diag503 uses ${dataDir} (its PostgreSQL is process ${owner}): stop that one, give this one a folder of its own with DIAG503_DATA_DIR, or let both use one server with DATABASE_URL`,
      );
    await sleep(100);
  }
}

/**
 * The shell ends the server when its own input ends, which happens whatever way this process dies.
 * The server's descriptor 3 is closed, or it would keep that input open itself.
 */
const WATCHDOG = `
exec 3<&0
"$@" 3<&- </dev/null &
server=$!
trap 'kill -INT $server 2>/dev/null' TERM INT HUP
{ read -r _ <&3; kill -INT $server 2>/dev/null; } &
watcher=$!
while kill -0 $server 2>/dev/null; do wait $server; done
kill $watcher 2>/dev/null
exit 0`;

type Launch = {
  bin: string;
  data: string;
  log: string;
  settings: Record<string, string | number>;
  account: Account;
};

function launch({ bin, data, log, settings, account }: Launch): ChildProcess {
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const output = openSync(log, 'w', 0o600);
  const child = spawn('/bin/sh', ['-c', WATCHDOG, 'sh', path.join(bin, 'postgres'), '-D', data, ...options], {
    cwd: '/',
    env: { PATH: '/usr/bin:/bin' },
    stdio: ['pipe', output, output],
    detached: true, // a Ctrl-C in the terminal is for us: we stop it when the work is handed back
    ...account,
  });
  closeSync(output);
  child.on('error', () => undefined); // seen by untilReady as an exit
  child.stdin?.on('error', () => undefined); // it ended by itself
  child.unref();
  return child;
}

async function untilReady(url: string, child: ChildProcess, log: string): Promise<void> {
  const deadline = Date.now() + START_MS;
  for (;;) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return;
    } catch (error) {
      if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline)
        throw new Error(`the embedded PostgreSQL did not start: ${await lastLines(log)}`, { cause: error });
    } finally {
      await client.end().catch(() => undefined);
    }
    await sleep(50);
  }
}

async function lastLines(log: string): Promise<string> {
  const text = await readFile(log, 'utf8').catch(() => '');
  return text.trim().split('\n').slice(-4).join(' | ') || `see ${log}`;
}

async function stopServer(child: ChildProcess, exited: Promise<void>): Promise<void> {
  child.stdin?.end();
  const timer = setTimeout(() => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGQUIT'); // the server's own emergency stop
  }, STOP_MS);
  await exited;
  clearTimeout(timer);
}

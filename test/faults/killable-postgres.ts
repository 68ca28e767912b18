import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pRetry from 'p-retry';
import { type RunningPostgres, startPostgres } from '../../src/store/embedded-postgres.js';
import { freePort } from '../servers/free-port.js';

/** A PostgreSQL that comes back at the same address after a kill -9. */
export type KillablePostgres = {
  url: string;
  dataDir: string;
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
};

export async function startKillablePostgres(): Promise<KillablePostgres> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'diag503-faults-pg-'));
  const port = await freePort();
  const settings = { listen_addresses: '127.0.0.1', port, max_connections: 150 };
  let server: RunningPostgres | null = await startPostgres({ dataDir, settings });
  const { dataDir: home } = server;
  return {
    url: `postgres://diag503@127.0.0.1:${port}/postgres`,
    dataDir: home,
    kill: async () => {
      const [pid = ''] = readFileSync(path.join(home, 'postgres/postmaster.pid'), 'utf8').split('\n');
      process.kill(Number(pid), 'SIGKILL');
      await server?.exited;
      server = null;
    },
    start: async () => {
      // On a machine that is busy with all the rest, its recovery takes longer than a start is given.
      server ??= await pRetry(() => startPostgres({ dataDir, settings }), { retries: 4, minTimeout: 500 });
    },
    stop: async () => {
      await server?.stop();
      await Promise.all([dataDir, home].map((folder) => rm(folder, { recursive: true, force: true })));
    },
  };
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from './free-port.js';
import { findProgram } from './require-server.js';
import { spawnWatched, type Watched } from './watched.js';

export type TestRedis = {
  url: string;
  /** SIGKILL, and started again on the same port and append-only file. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Hangs: connections stay, answers do not come. */
  freeze(): void;
  thaw(): void;
  command(...words: [string, ...string[]]): Promise<unknown>;
  stop(): Promise<void>;
};

/** As in production: append-only file, written before each answer, no eviction. */
export async function startTestRedis(options: readonly string[] = []): Promise<TestRedis> {
  const folder = await mkdtemp(path.join(tmpdir(), 'diag503-redis-'));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}/0`;
  let server: Watched | null = null;

  const start = async (): Promise<void> => {
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
    const durable = ['--appendonly', 'yes', '--appendfsync', 'always', '--maxmemory-policy', 'noeviction'];
    server = await spawnWatched(findProgram('redis-server')!, [...args, ...durable, ...options]);
    await command('PING');
  };
  const command = async (...[name, ...args]: [string, ...string[]]): Promise<unknown> => {
    const redis = new Redis(url, { maxRetriesPerRequest: 50, retryStrategy: () => 50 });
    redis.on('error', () => undefined);
    try {
      return await redis.call(name, ...args);
    } finally {
      redis.disconnect();
    }
  };
  await start();
  return {
    url,
    start,
    command,
    kill: async () => {
      server?.kill('SIGKILL');
      await server?.end();
    },
    freeze: () => server?.kill('SIGSTOP'),
    thaw: () => server?.kill('SIGCONT'),
    stop: async () => {
      await server?.end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

import { describe } from 'vitest';
import type { QueueSettings } from '../../src/queue/backend.js';
import { openQueues, type Queues } from '../../src/queue/queues.js';
import { type Database, openDatabase } from '../../src/store/database.js';
import type { RunningPostgres } from '../../src/store/embedded-postgres.js';
import { migrateDatabase } from '../../src/store/migrate.js';
import { createStore, type Store } from '../../src/store/store.js';
import { startTestPostgres } from '../servers/embedded.js';
import { startTestRedis, type TestRedis } from '../servers/queue-redis.js';
import { needs } from '../servers/require-server.js';

export type BackendKind = 'PostgreSQL' | 'Redis';

/** Every test of the queue runs on both of its backends. */
export function onBothBackends(name: string, tests: (kind: BackendKind) => void): void {
  describe(`${name} on PostgreSQL`, () => tests('PostgreSQL'));
  describe.skipIf(!needs('redis-server'))(`${name} on Redis`, () => tests('Redis'));
}

export type Backbone = {
  settings: QueueSettings;
  postgres: RunningPostgres;
  /** Throws on PostgreSQL. */
  redis: TestRedis;
  database: Database;
  store: Store;
  queues: Queues;
  close(): Promise<void>;
};

/** Real servers, migrated, with a store and queues on them. */
export async function openTestBackbone(kind: BackendKind): Promise<Backbone> {
  const [postgres, redis] = await Promise.all([
    startTestPostgres(),
    kind === 'Redis' ? startTestRedis() : null,
  ]);
  await migrateDatabase(postgres.url);
  const settings = { databaseUrl: postgres.url, ...(redis === null ? {} : { redisUrl: redis.url }) };
  const database = openDatabase(postgres.url);
  const queues = openQueues(settings);
  return {
    settings,
    postgres,
    get redis() {
      if (redis === null) throw new Error('this test has no Redis');
      return redis;
    },
    database,
    store: createStore(database),
    queues,
    close: async () => {
      await queues.close();
      await database.close();
      await Promise.all([postgres.stop(), redis?.stop()]);
    },
  };
}

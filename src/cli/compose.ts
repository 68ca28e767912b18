import { setTimeout as sleep } from 'node:timers/promises';
import type { Env } from '../config/env.js';
import { calmly, type Logger } from '../logger.js';
import { openQueues, type Queues, type QueueSettings } from '../queue/queues.js';
import { checkRedis } from '../queue/redis-safety.js';
import { openDatabase } from '../store/database.js';
import { type RunningPostgres, startEmbeddedPostgres } from '../store/embedded-postgres.js';
import { migrateDatabase } from '../store/migrate.js';
import { createStore, type Store } from '../store/store.js';
import { StartError } from './exit-codes.js';

/** What the bot and the worker share: rows and queues. */
export type Backbone = {
  settings: QueueSettings;
  store: Store;
  queues: Queues;
  close(): Promise<void>;
};

/** Opens the database (a private one where none is given), brings its tables up to date and opens the queues. */
export async function openBackbone(env: Env, logger: Logger): Promise<Backbone> {
  const { redisUrl } = env;
  if (redisUrl !== undefined)
    for (const warning of await orStartError(checkRedis(redisUrl))) logger.warn(warning);

  const embedded =
    env.databaseUrl === undefined ? await orStartError(startPrivate(env.dataDir, logger)) : null;
  const databaseUrl = embedded?.url ?? env.databaseUrl ?? '';
  await orStartError(migrateWhenUp(databaseUrl, logger)).catch(async (error: unknown) => {
    await embedded?.stop();
    throw error;
  });

  const settings: QueueSettings = { databaseUrl, ...(redisUrl === undefined ? {} : { redisUrl }) };
  const database = openDatabase(databaseUrl, {
    onError: calmly((error) => logger.warn({ err: error }, 'a database connection was lost')),
  });
  const queues = openQueues(
    settings,
    calmly((error) => logger.warn({ err: error }, 'the queue has trouble')),
  );
  await warmUp(queues, logger);
  logger.info({ queue: queues.label, database: embedded === null ? 'given' : 'private' }, 'opened');
  return {
    settings,
    store: createStore(database),
    queues,
    close: async () => {
      await queues.close();
      await database.close();
      await embedded?.stop();
    },
  };
}

/** The first command should not wait for BullMQ's tables. A queue that is down delays the start by this and no more. */
const WARM_UP_MS = 3_000;

async function warmUp(queues: Queues, logger: Logger): Promise<void> {
  const warn = (error: unknown): void => logger.warn({ err: error }, 'the queue does not answer yet');
  await Promise.race([queues.ping().catch(warn), sleep(WARM_UP_MS, undefined, { ref: false })]);
}

/** What is wrong is not in this program: its message is enough, a stack would hide it. */
async function orStartError<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw new StartError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

async function startPrivate(dataDir: string, logger: Logger): Promise<RunningPostgres> {
  let stopping = false;
  const server = await startEmbeddedPostgres({ dataDir });
  if (server.dataDir !== dataDir)
    logger.info({ dataDir: server.dataDir }, 'the private PostgreSQL keeps its data here');
  void server.exited.then(() => {
    // Nothing of it can go on, and a new start brings it back: systemd or Docker do that.
    if (!stopping) throw new Error('the private PostgreSQL ended by itself');
  });
  return {
    ...server,
    stop: () => {
      stopping = true;
      return server.stop();
    },
  };
}

/** A database that starts at the same time as we do (Docker Compose, a reboot) gets this long. */
const DATABASE_WAIT_MS = 20_000;

async function migrateWhenUp(url: string, logger: Logger): Promise<void> {
  const deadline = Date.now() + DATABASE_WAIT_MS;
  const warn = calmly((error) => logger.warn({ err: error }, 'the database does not answer yet'));
  for (;;) {
    try {
      await migrateDatabase(url);
      return;
    } catch (error) {
      if (!isNotUpYet(error) || Date.now() > deadline)
        throw new Error(`the database (DATABASE_URL) cannot be used: ${wordsOf(error)}`, { cause: error });
      warn(error);
      await sleep(1_000);
    }
  }
}

/** 57P03: starting up. A wrong password or a missing database does not get better by waiting. */
const isNotUpYet = (error: unknown): error is Error =>
  error instanceof Error &&
  'code' in error &&
  ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'ECONNRESET', '57P03'].includes(String(error.code));

/** Node's error for several addresses that all refused has an empty message. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof AggregateError) return error.errors.map(wordsOf).join('; ');
  return error.message;
}

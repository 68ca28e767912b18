import {
  createPostgresBackend,
  type Processor,
  Queue,
  Worker,
  type WorkerListener,
  type WorkerOptions,
} from 'bullmq';
import pg from 'pg';
import { POSTGRES_SCHEMA, type QueueName, REDIS_PREFIX } from './names.js';
import { PRODUCER, WORKER } from './redis-options.js';

/** With `redisUrl` BullMQ works on Redis, without it on the database. */
export type QueueSettings = { redisUrl?: string; databaseUrl: string };

/** What both kinds of queue have in common; their `on` differs in its return type only. */
export type AnyQueue = Pick<
  Queue,
  'add' | 'close' | 'getJob' | 'getJobCounts' | 'getJobScheduler' | 'upsertJobScheduler' | 'waitUntilReady'
> & { on(event: 'error', listener: (error: Error) => void): unknown };

export type AnyWorker = Pick<Worker, 'cancelAllJobs' | 'cancelJob' | 'close' | 'waitUntilReady'> & {
  on<Event extends 'error' | 'failed' | 'lockRenewalFailed' | 'ready' | 'stalled'>(
    event: Event,
    listener: WorkerListener<unknown, void>[Event],
  ): unknown;
};
export type WorkerRules = Omit<WorkerOptions, 'connection'>;

export type Backend = {
  /** What the user is told when it does not answer. */
  readonly label: 'Redis' | 'the database';
  openQueue(name: QueueName): AnyQueue;
  openWorker(name: QueueName, processor: Processor<unknown, void>, rules: WorkerRules): AnyWorker;
};

/** The one place that knows on what BullMQ works. */
export const queueBackend = ({ redisUrl, databaseUrl }: QueueSettings): Backend =>
  redisUrl === undefined ? onPostgres(databaseUrl) : onRedis(redisUrl);

/** BullMQ's own stream of events: nobody reads it here, so it is kept short. */
const STREAMS = { events: { maxLen: 1_000 } };

/** An error while idle comes back every 100 ms at most, and the next attempt is soon when the server is back. */
const RETRY = { runRetryDelay: 1_000 };

function onRedis(url: string): Backend {
  const prefix = REDIS_PREFIX;
  return {
    label: 'Redis',
    openQueue: (name) => new Queue(name, { connection: { url, ...PRODUCER }, prefix, streams: STREAMS }),
    openWorker: (name, processor, rules) =>
      new Worker(name, processor, { ...RETRY, ...rules, connection: { url, ...WORKER }, prefix }),
  };
}

/** Answers before the asker stops waiting; BullMQ waits for notifications on a connection of its own. */
const POSTGRES_PRODUCER = { max: 2, connectionTimeoutMillis: 1_400, query_timeout: 1_400 };
const POSTGRES_WORKER = { max: 3, connectionTimeoutMillis: 5_000, query_timeout: 10_000 };

/** BullMQ migrates on a connection that it does not listen to: its loss would end the process. The query says it too. */
class HeardClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}

function onPostgres(connectionString: string): Backend {
  const common = {
    connectionString,
    schema: POSTGRES_SCHEMA,
    migrate: true,
    keepAlive: true,
    application_name: 'diag503 queue',
    Client: HeardClient,
  };
  return {
    label: 'the database',
    openQueue: (name) =>
      new Queue(
        name,
        { connection: { ...common, ...POSTGRES_PRODUCER }, streams: STREAMS },
        createPostgresBackend,
      ),
    openWorker: (name, processor, rules) =>
      new Worker(
        name,
        processor,
        { ...RETRY, ...rules, connection: { ...common, ...POSTGRES_WORKER } },
        createPostgresBackend,
      ),
  };
}

import type { RedisOptions } from 'ioredis';

/** ioredis' own waits up to 5 s; whoever waits for a verdict should not. */
const retryStrategy = (times: number): number => Math.min(100 * 2 ** Math.min(times, 5), 2_000);

/**
 * For whoever waits for the answer: a command that cannot be sent or is not answered fails at once. With ioredis'
 * default it would be kept and sent when Redis is back, long after the asker was told that nothing was started.
 */
export const PRODUCER = {
  enableOfflineQueue: false,
  maxRetriesPerRequest: 1,
  commandTimeout: 1_400,
  connectTimeout: 2_000,
  retryStrategy,
} satisfies RedisOptions;

/** For a worker: waits for Redis however long it is away. `null` is BullMQ's condition. */
export const WORKER = {
  maxRetriesPerRequest: null,
  connectTimeout: 5_000,
  /** A Redis that hangs or whose network is cut says nothing: then the connection is made anew. */
  socketTimeout: 30_000,
  retryStrategy,
} satisfies RedisOptions;

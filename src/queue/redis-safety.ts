import { Redis } from 'ioredis';
import { PRODUCER } from './redis-options.js';

/** What a Redis must not be: one that forgets jobs on purpose. */
export class UnsafeRedis extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnsafeRedis';
  }
}

const ANSWER_MS = 3_000;

/**
 * Throws UnsafeRedis for an eviction policy, which loses accepted work without a word. Answers warnings: without an
 * append-only file a crash of Redis loses its jobs, and what was asked for waits until the sweeper finds it.
 * A Redis that does not answer is no reason not to start: then that is the warning.
 */
export async function checkRedis(url: string): Promise<string[]> {
  const redis = new Redis(url, { ...PRODUCER, enableOfflineQueue: true, lazyConnect: true });
  redis.on('error', () => undefined); // the commands say it
  const timer = setTimeout(() => {
    redis.disconnect();
  }, ANSWER_MS);
  try {
    const info = await redis.info();
    return judge(info);
  } catch (error) {
    if (error instanceof UnsafeRedis) throw error;
    const why = error instanceof Error ? error.message : String(error);
    return [`Redis does not answer (${why}): requests are refused until it does`];
  } finally {
    clearTimeout(timer);
    redis.disconnect();
  }
}

/** `INFO` rather than `CONFIG GET`: managed servers forbid the latter. */
function judge(info: string): string[] {
  const value = (name: string): string | undefined =>
    new RegExp(`^${name}:(.*)$`, 'm').exec(info)?.[1]?.trim();
  const policy = value('maxmemory_policy');
  if (policy !== undefined && policy !== 'noeviction')
    throw new UnsafeRedis(
      `Redis evicts keys when its memory is full (maxmemory-policy ${policy}), which loses jobs silently: set "maxmemory-policy noeviction" in redis.conf, or give diag503 a Redis of its own`,
    );
  if (value('aof_enabled') === '0')
    return [
      'Redis keeps no append-only file: after its crash, queued work waits for the next sweep; set "appendonly yes" and "appendfsync always" in redis.conf',
    ];
  return [];
}

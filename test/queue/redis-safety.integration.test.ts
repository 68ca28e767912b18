import { afterEach, describe, expect, it } from 'vitest';
import { checkRedis, UnsafeRedis } from '../../src/queue/redis-safety.js';
import { startTestRedis, type TestRedis } from '../servers/queue-redis.js';
import { needs } from '../servers/require-server.js';

describe.skipIf(!needs('redis-server'))('the check of Redis before the start', () => {
  let redis: TestRedis;
  afterEach(() => redis.stop());

  it('is silent about a Redis that keeps what it was given', async () => {
    redis = await startTestRedis();
    expect(await checkRedis(redis.url)).toEqual([]);
  });

  it('refuses one that throws jobs away when its memory is full', async () => {
    redis = await startTestRedis(['--maxmemory-policy', 'allkeys-lru']);
    await expect(checkRedis(redis.url)).rejects.toThrow(UnsafeRedis);
    await expect(checkRedis(redis.url)).rejects.toThrow('set "maxmemory-policy noeviction"');
  });

  it('warns of one that forgets everything in a crash', async () => {
    redis = await startTestRedis(['--appendonly', 'no']);
    expect(await checkRedis(redis.url)).toEqual([expect.stringContaining('appendonly yes')]);
  });

  it('lets the start go on when Redis is down, and says so', async () => {
    redis = await startTestRedis();
    await redis.kill();
    expect(await checkRedis(redis.url)).toEqual([expect.stringContaining('does not answer')]);
  });
});

import { describe, expect, it } from 'vitest';
import { createReplayGuard } from '../../src/slack/replay-guard.js';

describe('replay guard', () => {
  it('lets the first of many through', async () => {
    const first = createReplayGuard();
    const sights = await Promise.all(Array.from({ length: 50 }, () => first('a')));
    expect(sights.filter(Boolean)).toHaveLength(1);
    expect(await first('b')).toBe(true);
  });

  it('keeps a bounded number of keys', async () => {
    const first = createReplayGuard({ maxKeys: 10 });
    for (let index = 0; index < 11; index += 1) await first(`k${index}`);
    expect(await first('k10')).toBe(false);
    expect(await first('k0')).toBe(true);
  });

  it('asks the database, and goes on without it when it is slow or down', async () => {
    const prune = () => Promise.resolve();
    const taken = createReplayGuard({ seenRequests: { first: () => Promise.resolve(false), prune } });
    expect(await taken('a')).toBe(false);
    const down = createReplayGuard({
      seenRequests: { first: () => Promise.reject(new Error('down')), prune },
    });
    expect([await down('a'), await down('a')]).toEqual([true, false]);
    const slow = createReplayGuard({
      waitMs: 10,
      seenRequests: { first: () => new Promise(() => undefined), prune },
    });
    expect(await slow('a')).toBe(true);
  });
});

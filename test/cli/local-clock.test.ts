import { describe, expect, it } from 'vitest';
import { localClock } from '../../src/cli/local-clock.js';

/** Of the reader's zone, so that the test holds in all of them. */
const midnight = new Date(2026, 0, 2, 0, 0, 0).toISOString();

describe('the time of day', () => {
  it('begins with 00 at midnight', () => {
    expect(localClock(midnight, midnight)).toBe('00:00:00');
  });

  it('says the date of what began a day ago', () => {
    expect(localClock(midnight, new Date(2026, 0, 3, 12).toISOString())).toBe('2026-01-02 00:00:00');
  });
});

import { describe, expect, it } from 'vitest';
import { MaintenanceWindow, maintenanceUntil } from '../../src/model/maintenance.js';

const until = (window: MaintenanceWindow, now: string) => maintenanceUntil([window], Date.parse(now));

describe('maintenanceUntil', () => {
  it.each([
    ['sun 02:00-04:00', '2026-11-22T01:59:59.000Z', null],
    ['sun 02:00-04:00', '2026-11-22T02:00:00.000Z', '2026-11-22T04:00:00.000Z'],
    ['sun 02:00-04:00', '2026-11-22T04:00:00.000Z', null],
    ['sun 02:00-04:00', '2026-11-23T03:00:00.000Z', null],
    ['sat 23:00-01:00', '2026-11-21T23:30:00.000Z', '2026-11-22T01:00:00.000Z'],
    ['sat 23:00-01:00', '2026-11-22T00:30:00.000Z', '2026-11-22T01:00:00.000Z'],
    ['sat 23:00-01:00', '2026-11-22T23:30:00.000Z', null],
  ])('%s at %s', (weekly, now, end) => {
    expect(until({ weekly }, now)).toBe(end);
  });

  it('knows a single window, in any zone', () => {
    const window = { from: '2026-12-01T23:00:00+01:00', until: '2026-12-02T02:00:00+01:00' };
    expect(until(window, '2026-12-01T21:59:00Z')).toBeNull();
    expect(until(window, '2026-12-01T22:00:00Z')).toBe('2026-12-02T01:00:00.000Z');
  });

  it('takes the latest of those that are open', () => {
    const now = Date.parse('2026-11-22T03:00:00Z');
    expect(maintenanceUntil([{ weekly: 'sun 02:00-04:00' }, { weekly: 'sun 01:00-05:00' }], now)).toBe(
      '2026-11-22T05:00:00.000Z',
    );
    expect(maintenanceUntil([], now)).toBeNull();
  });

  it.each([
    { from: '2026-12-02T00:00:00Z', until: '2026-12-01T00:00:00Z' },
    { from: '2026-12-02', until: '2026-12-03' },
    { weekly: 'sunday 2-4' },
    { weekly: 'sun 02:00-25:00' },
    {},
  ])('refuses %j', (window) => {
    expect(MaintenanceWindow.safeParse(window).success).toBe(false);
  });
});

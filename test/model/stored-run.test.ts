import { describe, expect, it } from 'vitest';
import { formatStoredRun, StoredRun } from '../../src/model/stored-run.js';
import { service } from '../helpers/service.js';

const reading = (probe: string, fact: unknown) => ({
  status: 'read' as const,
  probe,
  target: { kind: 'host' as const, name: 'local' },
  via: 'local',
  source: probe,
  at: '2026-11-22T10:43:59.000Z',
  durationMs: 1,
  fact,
});

const stored: StoredRun = {
  version: 1,
  service: service('shop'),
  now: '2026-11-22T10:44:00.000Z',
  run: { id: 'a', startedAt: '2026-11-22T10:43:58.000Z' },
  hosts: [{ name: 'local', reached: true }],
  readings: [reading('memory', { text: 'two\nlines' }), reading('disk-space', [])],
};

describe('a stored run', () => {
  it('comes back as it was written, with one reading a line', () => {
    const text = formatStoredRun(stored);
    expect(StoredRun.parse(JSON.parse(text))).toEqual(stored);
    expect(text.split('\n').filter((line) => line.includes('"probe"'))).toHaveLength(2);
  });

  it('may have no readings, and no run', () => {
    const { run: _run, ...rest } = { ...stored, readings: [] };
    expect(StoredRun.parse(JSON.parse(formatStoredRun(rest)))).toEqual(rest);
    expect(StoredRun.parse(JSON.parse(formatStoredRun({ ...rest, run: undefined })))).toEqual(rest);
  });

  it('is refused in another version', () => {
    expect(StoredRun.safeParse({ ...stored, version: 2 }).success).toBe(false);
  });
});

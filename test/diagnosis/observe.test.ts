import { describe, expect, it } from 'vitest';
import { observe } from '../../src/diagnosis/observe.js';
import type { Reading } from '../../src/model/reading.js';

const answered = (via: string, dependency = 'cache'): Reading => ({
  status: 'read',
  probe: 'tcp-dependency',
  target: { kind: 'dependency', name: dependency },
  via,
  source: 'connect cache:6379',
  at: '2026-11-22T10:00:00.000Z',
  durationMs: 3,
  fact: {
    kind: 'tcp',
    address: 'cache:6379',
    rung: 'tcp',
    failure: null,
    latencyMs: 3,
    certificateExpiresAt: null,
    details: {},
    lines: [],
  },
});
const placesIn = (readings: readonly Reading[]): string[] =>
  observe(readings)
    .read('tcpDependency')
    .map(({ target, via }) => `${target.name} from ${via}`);

describe("the worker's own view", () => {
  it('does not count beside what a host saw of the same dependency', () => {
    expect(placesIn([answered('api-1'), answered('worker')])).toEqual(['cache from api-1']);
  });

  it('is what there is where no host could look', () => {
    expect(placesIn([answered('worker'), answered('api-1', 'queue')])).toEqual([
      'cache from worker',
      'queue from api-1',
    ]);
  });
});

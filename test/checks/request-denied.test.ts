import { describe, expect, it } from 'vitest';
import { requestDenied } from '../../src/checks/request-denied.js';
import type { Facts } from '../../src/probes/index.js';
import { outcomeOf, reading } from '../builders/readings.js';
import { service } from '../helpers/service.js';

const given = service('shop', {
  balancer: { kind: 'haproxy', host: 'lb-1', socket: '/run/haproxy/admin.sock', pool: 'shop' },
});
const line = (ageSeconds: number): Facts['balancerLog']['failed'][number] => ({
  ...{ at: '2026-11-26T07:55:10.000Z', ageSeconds, frontend: 'public', backend: 'shop', server: null },
  ...{ timers: { request: 0, queue: -1, connect: -1, response: -1, total: 0 }, status: 503, state: 'PR--' },
  ...{ retries: 0, queued: { member: 0, pool: 0 }, request: 'GET / HTTP/1.1', line: 'shop/<NOSRV> 503 PR--' },
});
const log = (...ages: number[]) =>
  reading(
    'balancerLog',
    {
      ...{ readFrom: 'journal', served: 0, failed: ages.map(line), unreadable: 0, servedSince: 0 },
      spans: [{ ageSeconds: 12, served: 0, unavailable: ages.length }],
    },
    { kind: 'balancer', name: 'shop' },
  );

describe('requests that a rule of HAProxy refused, none of our own among them', () => {
  it.each([
    ['many, the last just now', [70, 60, 50, 40, 3], 'likely'],
    ['many, and none of the last half minute: of a trouble that is over', [90, 80, 70, 60, 50], 'possible'],
    ['a handful', [4, 3, 2, 1], 'possible'],
  ])('%s', (_name, ages, confidence) => {
    expect(outcomeOf(requestDenied, given, [log(...ages)])).toMatchObject({
      status: 'failed',
      finding: { confidence },
    });
  });
});

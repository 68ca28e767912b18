import { describe, expect, it } from 'vitest';
import { concurrencyLimited } from '../../src/checks/concurrency-limited.js';
import type { ProxyLog } from '../../src/probes/proxy-log.js';
import type { WorkerSocket } from '../../src/probes/worker-sockets.js';
import { NOW, outcomeOf, reading } from '../builders/readings.js';
import { answer } from '../diagnosis/situation.js';
import { service } from '../helpers/service.js';

const given = service('shop', { health: 'http://127.0.0.1:8000/health', url: 'http://shop.test/' });
const host = { kind: 'host', name: 'local' } as const;

type Line = readonly [kind: ProxyLog['lines'][number]['kind'], ageSeconds: number];
const refusals = (count: number, newest = 1): Line[] =>
  Array.from({ length: count }, (_, place) => ['no-live-upstreams', newest + place]);

const log = (lines: readonly Line[], processes = 3) =>
  reading(
    'proxyLog',
    {
      path: '/var/log/nginx/error.log',
      processes,
      lines: lines.map(([kind, ageSeconds]) => ({
        ...{ at: NOW, ageSeconds, level: 'error', kind, zone: null, client: '10.203.0.10' },
        upstream: kind === 'no-live-upstreams' ? 'http://shop_app/' : 'http://127.0.0.1:8000/',
        line: `2026/11/28 05:04:17 [error] 10245#10245: *1550 no live upstreams while connecting to upstream, client: 10.203.0.10, server: shop.test, request: "GET / HTTP/1.1", upstream: "http://shop_app/", host: "shop.test"`,
      })),
    },
    host,
  );

/** As it was seen: asked seven seconds ago, and not answered since. */
const held = (over: Partial<WorkerSocket> = {}): WorkerSocket => ({
  ...{ pids: [], inbound: true, accepted: true, heard: true },
  ...{ peer: '127.0.0.1', peerPort: 47780, lastSentMs: 7064, lastReceivedMs: 7064 },
  line: '0 0 127.0.0.1:8000 127.0.0.1:47780 uid:33 bytes_received:66 lastsnd:7064 lastrcv:7064',
  ...over,
});
const sockets = (...all: WorkerSocket[]) =>
  reading('workerSockets', { by: 'login', sockets: all, cut: false }, host);

const judge = (
  lines: readonly Line[],
  waiting: readonly WorkerSocket[],
  { status = 200, processes = 3 }: { status?: number; processes?: number } = {},
) =>
  outcomeOf(concurrencyLimited, given, [
    log(lines, processes),
    sockets(...waiting),
    reading('appAnswer', answer(status), host),
  ]);

describe('the places that nginx has for the app (max_conns)', () => {
  it.each([
    ['nothing failed', refusals(6), [held()]],
    [
      'what failed did so before they were taken',
      [...refusals(6), ['upstream-closed', 9] as const],
      [held(), held()],
    ],
  ])('are taken where the app keeps them waiting and %s', (_name, lines, waiting) => {
    expect(judge(lines, waiting)).toMatchObject({
      status: 'failed',
      finding: {
        ...{ cause: 'overload', confidence: 'likely' },
        summary: expect.stringContaining('refused 6 requests') as string,
      },
    });
  });

  it.each([
    ['nginx passed nothing on: a server marked `down`', refusals(6), []],
    ['an idle connection is kept', refusals(6), [held({ lastSentMs: 40 })]],
    ['a request is under way', refusals(6), [held({ lastSentMs: 40, lastReceivedMs: 40 })]],
    ['somebody else asks the app', refusals(6), [held({ peer: '10.203.0.10' })]],
    ['the app itself asks', refusals(6), [held({ inbound: false })]],
    ['a server failed after these', [...refusals(6), ['upstream-refused', 5] as const], [held(), held()]],
    ['one tells whether it serves again', [...refusals(6), ['upstream-timeout', 15] as const], [held()]],
    ['few were refused', refusals(4), [held(), held()]],
    ['none was refused lately', refusals(6, 20), [held(), held()]],
  ])('are none of it where %s', (_name, lines, waiting) => {
    expect(judge(lines, waiting)).toMatchObject({ status: 'passed' });
  });

  it('are none of it where the app fails whoever asks it, or nginx has ended', () => {
    expect(judge(refusals(6), [held()], { status: 503 })).toMatchObject({ status: 'passed' });
    expect(judge(refusals(6), [held()], { processes: 0 })).toMatchObject({ status: 'passed' });
  });
});

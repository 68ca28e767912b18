import { describe, expect, it } from 'vitest';
import { acceptQueueFull } from '../../src/checks/accept-queue-full.js';
import type { Facts } from '../../src/probes/index.js';
import { judged } from '../builders/judged.js';
import { recorded } from '../builders/recorded.js';
import { NOW } from '../builders/readings.js';
import { service } from '../helpers/service.js';

type Line = Facts['proxyLog']['lines'][number];
const shop = service('shop', {
  health: 'http://127.0.0.1:8000/health',
  url: 'http://shop.test/',
  proxy: { kind: 'nginx', errorLog: '/var/log/nginx/error.log' },
});
const turnedAway = (upstream: string, words: string, kind: Line['kind'], ageSeconds: number): Line => ({
  ...{ at: NOW, ageSeconds, level: 'error', kind, zone: null, client: '10.0.0.9', upstream },
  line: `[error] 1#1: *7 ${words} while connecting to upstream, client: 10.0.0.9, upstream: "${upstream}", host: "shop.test"`,
});
const bySocket = (ageSeconds: number) =>
  turnedAway(
    'fastcgi://unix:/run/php.sock:',
    'connect() to unix:/run/php.sock failed (11: Resource temporarily unavailable)',
    'upstream-unreachable',
    ageSeconds,
  );
const byPort = (ageSeconds: number, upstream = 'http://127.0.0.1:8000/') =>
  turnedAway(upstream, 'upstream timed out (110: Connection timed out)', 'upstream-timeout', ageSeconds);
const times = (count: number, one: Line): Line[] => Array.from({ length: count }, () => one);

/** The queue itself is empty at this moment. */
const judge = (lines: Line[], listenOverflows = 0) =>
  judged(
    acceptQueueFull,
    {
      listenSockets: recorded('listenSockets', 'healthy'),
      proxyLog: { path: '/var/log/nginx/error.log', lines },
      tcpCounters: { seconds: 0.5, listenOverflows, listenDrops: 0, totalOverflows: 999, totalDrops: 0 },
    },
    { service: shop },
  );

describe('a queue that nginx was turned away from a moment ago', () => {
  it.each<[what: string, lines: Line[], overflows: number, confidence: string]>([
    ['a unix socket, many times', times(9, bySocket(12)), 0, 'likely'],
    ['a unix socket, once', [bySocket(12)], 0, 'possible'],
    ['the port of the app, and the kernel counted it', times(9, byPort(17)), 193, 'likely'],
  ])('is full at times: %s', (_what, lines, overflows, confidence) => {
    expect(judge(lines, overflows)).toMatchObject({
      ...{ status: 'failed', cause: 'overload', confidence },
      summary: expect.stringMatching(/^nginx was turned away \d times?/) as string,
    });
  });

  it.each<[what: string, lines: Line[], overflows: number]>([
    ['the last time is a minute ago', times(9, bySocket(61)), 0],
    ['no queue of the host overflows: something else drops it', times(9, byPort(17)), 0],
    [
      'it is the socket of another site',
      times(9, { ...bySocket(12), line: bySocket(12).line.replace('shop.test', 'other.test') }),
      0,
    ],
    [
      'nginx may not use the port (SELinux)',
      times(
        9,
        turnedAway(
          'http://127.0.0.1:8000/',
          'connect() failed (13: Permission denied)',
          'upstream-unreachable',
          9,
        ),
      ),
      193,
    ],
    ['another port', times(9, byPort(17, 'http://127.0.0.1:9100/')), 193],
    ['another host', times(9, byPort(17, 'http://10.0.0.5:8000/')), 193],
  ])('tells nothing where %s', (_what, lines, overflows) => {
    expect(judge(lines, overflows).status).not.toBe('failed');
  });
});

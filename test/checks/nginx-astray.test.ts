import { describe, expect, it } from 'vitest';
import { notBegun, shutOut, waitsForProxyLine } from '../../src/checks/evidence/nginx-astray.js';
import type { Observed } from '../../src/checks/define-check.js';
import type { ProxyLog } from '../../src/probes/proxy-log.js';
import { NOW } from '../builders/readings.js';
import { answer } from '../diagnosis/situation.js';
import { service } from '../helpers/service.js';

const given = service('shop', { health: 'http://127.0.0.1:8000/health', url: 'http://shop.test/' });
const WORDS = 'bind(192.0.2.77) failed (99: Cannot assign requested address)';
const log = (upstream: string, host: string, over: Partial<ProxyLog['lines'][number]> = {}) => {
  const line = {
    ...{ at: NOW, ageSeconds: 1, level: 'crit', kind: 'upstream-not-begun' as const, zone: null },
    ...{ client: '10.0.0.9', upstream },
    line: `[crit] 12#12: *85 ${WORDS} while connecting to upstream, client: 10.0.0.9, upstream: "${upstream}", host: "${host}"`,
    ...over,
  };
  const seen: Observed<ProxyLog> = {
    fact: { path: '/var/log/nginx/error.log', lines: [line] },
    ...{ target: { kind: 'host', name: 'web-1' }, via: 'web-1', source: 'tail', at: NOW },
  };
  return [seen];
};

describe('a request that nginx does not begin', () => {
  it.each([
    ['to the port of the app', log('http://127.0.0.1:8000/', 'other.test')],
    ['for the name that users ask', log('https://10.0.0.5:8443/', 'shop.test')],
  ])('%s is a way that is wrong, in the words of nginx', (_name, logs) => {
    expect(notBegun(logs, given)).toMatchObject({
      ...{ status: 'failed', confidence: 'likely' },
      summary: expect.stringContaining(WORDS) as string,
    });
  });

  it.each([
    ['of another service of the same nginx', log('http://127.0.0.1:9100/', 'other.test')],
    [
      'of nobody, as where nginx asks for a certificate’s status',
      log('http://127.0.0.1:8000/', 'shop.test', { client: null }),
    ],
    ['of a minute ago', log('http://127.0.0.1:8000/', 'shop.test', { ageSeconds: 61 })],
  ])('%s tells nothing', (_name, logs) => {
    expect(notBegun(logs, given)).toBeNull();
  });
});

describe('a socket that nginx may not use', () => {
  const SOCKET = 'fastcgi://unix:/run/shop/php.sock:';
  const shut = (number: string, host = 'shop.test', ageSeconds = 1) =>
    log(SOCKET, host, {
      ...{ kind: 'upstream-unreachable', ageSeconds },
      line: `[crit] 12#12: *85 connect() to unix:/run/shop/php.sock failed (${number}) while connecting to upstream, client: 10.0.0.9, upstream: "${SOCKET}", host: "${host}"`,
    });

  it('is there, so that the way to it is wrong for sure', () => {
    expect(shutOut(shut('13: Permission denied'), given)).toMatchObject({
      ...{ status: 'failed', confidence: 'confirmed' },
      summary: 'nginx may not use unix:/run/shop/php.sock, to which it passes requests: permission denied',
    });
  });

  it.each([
    ['is not there, or its queue is full', shut('11: Resource temporarily unavailable')],
    ['is asked for another service', shut('13: Permission denied', 'other.test')],
    ['was closed to it a minute ago', shut('13: Permission denied', 'shop.test', 61)],
  ])('tells nothing where it %s', (_why, logs) => {
    expect(shutOut(logs, given)).toBeNull();
  });
});

describe('nginx that waits for a line of the PROXY protocol', () => {
  const waiting = (ageSeconds = 1) =>
    log('', '', {
      ...{ kind: 'proxy-line-missing', client: null, upstream: null, ageSeconds },
      line: '[error] 8606#8606: *6756 broken header: "GET / HTTP/1.1',
    });
  const members = (...kinds: ('reset' | 'refused' | null)[]) => [
    {
      ...{ target: { kind: 'balancer', name: 'shop' } as const, via: 'lb-1', source: 'curl', at: NOW },
      fact: {
        members: kinds.map((kind, index) => ({
          name: `web-${String(index + 1)}`,
          address: `10.0.0.${String(index + 1)}:80`,
          answer: {
            ...answer(kind === null ? 200 : null),
            failure: kind === null ? null : { rung: 'answer' as const, kind, message: kind },
          },
        })),
      },
    },
  ];

  it.each([
    ['confirmed', members('reset', 'reset')],
    ['likely', members('reset', null)],
  ])('closes every connection: %s', (confidence, memberAnswer) => {
    expect(waitsForProxyLine({ proxyLog: waiting(), memberAnswer })).toMatchObject({
      ...{ status: 'failed', confidence },
    });
  });

  it.each([
    ['members answer: it is the line of another site', waiting(), members(null, null)],
    ['members refuse', waiting(), members('refused', 'refused')],
    ['it was a minute ago', waiting(61), members('reset', 'reset')],
  ])('tells nothing where %s', (_why, proxyLog, memberAnswer) => {
    expect(waitsForProxyLine({ proxyLog, memberAnswer })).toBeNull();
  });
});

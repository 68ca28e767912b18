import { describe, expect, it } from 'vitest';
import { notBegun } from '../../src/checks/evidence/nginx-astray.js';
import type { Observed } from '../../src/checks/define-check.js';
import type { ProxyLog } from '../../src/probes/proxy-log.js';
import { NOW } from '../builders/readings.js';
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

import { describe, expect, it } from 'vitest';
import { authRequestFailing } from '../../src/checks/auth-request-failing.js';
import type { Reading } from '../../src/model/reading.js';
import { outcomeOf, reading } from '../builders/readings.js';
import { answer } from '../diagnosis/situation.js';
import { service } from '../helpers/service.js';

const given = service('shop', { hosts: ['web-1'], url: 'http://shop.test/' });
const users = (status: number): Reading =>
  reading('publicAnswer', { answers: [answer(status)] }, { kind: 'service', name: 'shop' });
const app = (status: number): Reading =>
  reading('appAnswer', answer(status), { kind: 'host', name: 'web-1' });
const noLeave = (host: string, ageSeconds = 1): Reading =>
  reading(
    'proxyLog',
    {
      path: '/var/log/nginx/error.log',
      lines: [
        {
          ...{ at: '2026-11-22T10:00:00.000Z', ageSeconds, level: 'error', kind: 'leave-not-given' },
          ...{ zone: null, client: '10.0.0.9', upstream: null },
          line: `[error] 7#7: *62 auth request unexpected status: 503 while sending to client, client: 10.0.0.9, host: "${host}"`,
        },
      ],
    },
    { kind: 'host', name: 'web-1' },
  );

describe('a service that nginx asks for leave before each request', () => {
  it('fails', () => {
    expect(outcomeOf(authRequestFailing, given, [users(503), app(200), noLeave('shop.test')])).toMatchObject({
      status: 'failed',
      finding: {
        confidence: 'likely',
        summary: expect.stringContaining('(`auth_request`) answers 503') as string,
      },
    });
  });

  it.each([
    ['of another site', [users(503), app(200), noLeave('other.test')]],
    ['of half a minute ago', [users(503), app(200), noLeave('shop.test', 30)]],
    ['while users are served', [users(200), app(200), noLeave('shop.test')]],
    ['where the app itself fails, which may be who is asked', [users(503), app(502), noLeave('shop.test')]],
  ])('tells nothing %s', (_name, readings) => {
    expect(outcomeOf(authRequestFailing, given, readings)).toMatchObject({ status: 'passed' });
  });
});

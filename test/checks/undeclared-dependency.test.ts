import { describe, expect, it } from 'vitest';
import { undeclaredDependency } from '../../src/checks/undeclared-dependency.js';
import type { Facts } from '../../src/probes/index.js';
import { NOW, outcomeOf, reading } from '../builders/readings.js';
import { service } from '../helpers/service.js';

const host = { kind: 'host', name: 'local' } as const;
const health = (status: number, body = '') =>
  reading(
    'healthAnswer',
    {
      request: 'GET http://shop/health HTTP/1.1',
      status,
      reasonPhrase: null,
      headers: {},
      body,
      failure: null,
      firstByteMs: 12,
      certificateExpiresAt: null,
    } satisfies Facts['healthAnswer'],
    host,
  );
const said = (message: string, secondsAgo = 5) => {
  const at = new Date(Date.parse(NOW) - secondsAgo * 1000).toISOString();
  const line = { at, process: 'app', pid: 7, message, line: `${at} web-1 app[7]: ${message}` };
  return reading('unitJournal', { unit: 'shop.service', lines: [line] }, host);
};
const REDIS = 'Error 111 connecting to cache.internal:6379. Connection refused.';
const NODE = 'Error: connect ECONNREFUSED 10.0.0.7:5672';
const judge = (...readings: Parameters<typeof outcomeOf>[2]) =>
  outcomeOf(undeclaredDependency, service('shop', { hosts: ['local'] }), readings);

describe('undeclared-dependency', () => {
  it.each([
    ['in its answer', [health(503, `{"cache": "${REDIS}"}`)], 'cache.internal:6379'],
    ['in its journal', [health(503), said(NODE)], '10.0.0.7:5672'],
    [
      'in words of its own',
      [
        health(
          503,
          '{"vat": "no rates from http://10.0.0.9:8090/rates: <urlopen error [Errno 111] Connection refused>"}',
        ),
      ],
      '10.0.0.9:8090',
    ],
    [
      'by a name that cannot be looked up',
      [health(503), said('could not translate host name "db.internal" to address')],
      'db.internal',
    ],
  ])('takes the word of the app %s', (_where, readings, address) => {
    expect(judge(...readings)).toMatchObject({
      status: 'failed',
      finding: {
        cause: 'dependency',
        confidence: 'likely',
        summary: expect.stringContaining(address) as string,
      },
    });
  });

  it('is over where the app was started anew since, and has spoken', () => {
    const at = (secondsAgo: number) => new Date(Date.parse(NOW) - secondsAgo * 1000).toISOString();
    const line = (process: string, message: string, secondsAgo: number) => ({
      ...{ at: at(secondsAgo), process, pid: 7, message },
      line: `${process}: ${message}`,
    });
    const lines = [
      line('app', NODE, 30),
      line('systemd', 'Stopped shop.service - Shop.', 20),
      line('systemd', 'Started shop.service - Shop.', 20),
      line('app', 'no such folder', 5),
    ];
    const told = (count: number) =>
      judge(
        health(503),
        reading('unitJournal', { unit: 'shop.service', lines: lines.slice(0, count) }, host),
      );
    expect(told(1)).toMatchObject({ status: 'failed' });
    expect(told(4)).toMatchObject({ status: 'passed' });
  });

  it('leaves a database that refuses, and so was reached, to the check of refusals', () => {
    const words =
      'connection to server at "db.internal" (10.0.0.5), port 5432 failed: FATAL:  sorry, too many clients already';
    expect(judge(health(503), said(words))).toMatchObject({ status: 'passed' });
  });

  it('leaves what is declared to the checks that ask it, under whatever name', () => {
    const declared = service('shop', {
      hosts: ['local'],
      dependencies: [{ name: 'cache', kind: 'redis', url: 'redis://redis-1' }],
    });
    expect(outcomeOf(undeclaredDependency, declared, [health(503, REDIS)])).toMatchObject({
      status: 'passed',
    });
  });

  it('says nothing of the past, nor where the app answers well', () => {
    expect(judge(health(503), said(NODE, 300))).toMatchObject({ status: 'passed' });
    expect(judge(health(200), said(NODE))).toMatchObject({ status: 'passed' });
  });
});

import { describe, expect, it } from 'vitest';
import { appBlamesDependency } from '../../src/checks/app-blames-dependency.js';
import type { Reading } from '../../src/model/reading.js';
import type { Facts } from '../../src/probes/index.js';
import { NOW, outcomeOf, reading } from '../builders/readings.js';
import { answer } from '../diagnosis/situation.js';
import { service } from '../helpers/service.js';

const given = service('shop', {
  hosts: ['web-1'],
  dependencies: ['payments', 'mail'].map((name) => ({
    name,
    kind: 'http',
    url: `https://${name}.internal/`,
  })),
});
const host = { kind: 'host', name: 'web-1' } as const;
const asked = (name: string, details: Facts['httpDependency']['details']): Reading =>
  reading(
    'httpDependency',
    {
      ...{ kind: 'http', address: `${name}.internal:443`, rung: 'answer', failure: null, latencyMs: 4 },
      ...{ certificateExpiresAt: null, details, lines: ['HTTP/1.1 200 OK'] },
    },
    { kind: 'dependency', name },
  );
const said = (...messages: readonly string[]): Reading =>
  reading(
    'unitJournal',
    {
      unit: 'shop.service',
      lines: messages.map((message, place) => {
        const at = new Date(Date.parse(NOW) - (messages.length - place) * 1000).toISOString();
        return { at, process: 'app', pid: 7, message, line: `app: ${message}` };
      }),
    },
    host,
  );
const judge = (...readings: Reading[]) =>
  outcomeOf(appBlamesDependency, given, [reading('appAnswer', answer(503), host), ...readings]);

const NO_TRUST = 'SSL operation failed with code 1: certificate verify failed';
const UNTRUSTED = { status: 200, certificateProblem: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' };

describe('what the app says, and is seen here as well', () => {
  it.each<[words: string, details: Facts['httpDependency']['details'], summary: string]>([
    [NO_TRUST, UNTRUSTED, 'that of payments is not trusted here either'],
    ...[
      'HTTP Error 401: Unauthorized',
      '403 Client Error: Forbidden for url: https://pay:8443/',
      'Net::HTTPServerException (401 "Unauthorized")',
      'Request failed with status code 401',
      'Response code 403 (Forbidden)',
      'failed to open stream: HTTP request failed! HTTP/1.1 403 Forbidden',
    ].map((words): [string, { status: number }, string] => [
      words,
      { status: 401 },
      'payments answers 401 here, too',
    ]),
  ])('is meant of the one dependency of which it is seen: %s', (words, details, summary) => {
    expect(judge(asked('payments', details), asked('mail', { status: 200 }), said(words))).toMatchObject({
      finding: { confidence: 'likely', summary: expect.stringContaining(summary) as string },
    });
  });

  it('is a hint where the log has gone on to something else, and names nobody', () => {
    expect(judge(asked('payments', UNTRUSTED), said(NO_TRUST, 'division by zero'))).toMatchObject({
      finding: { confidence: 'possible' },
    });
    const named = `payments: ${NO_TRUST}`;
    expect(judge(asked('payments', UNTRUSTED), said(named, 'division by zero'))).toMatchObject({
      finding: { confidence: 'likely' },
    });
  });

  it.each([
    ['it is seen of two', [asked('payments', UNTRUSTED), asked('mail', UNTRUSTED), said(NO_TRUST)]],
    ['it is seen here alone', [asked('payments', UNTRUSTED), said('division by zero')]],
    ['the app alone says it', [asked('payments', { status: 200 }), said(NO_TRUST)]],
    [
      'the app says it of its own clients',
      [
        asked('payments', UNTRUSTED),
        said('http: TLS handshake error from 10.0.0.9:4: x509: certificate signed by unknown authority'),
      ],
    ],
    [
      'an access log holds a refusal of the app itself',
      [asked('payments', { status: 401 }), said('"GET /admin HTTP/1.1" 401 12')],
    ],
  ])('tells nothing where %s', (_name, readings) => {
    expect(judge(...readings)).toMatchObject({ status: 'passed' });
  });
});

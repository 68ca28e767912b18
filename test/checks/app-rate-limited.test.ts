import { describe, expect, it } from 'vitest';
import { appRateLimited } from '../../src/checks/app-rate-limited.js';
import type { Reading } from '../../src/model/reading.js';
import { outcomeOf, reading } from '../builders/readings.js';
import { answer } from '../diagnosis/situation.js';
import { service } from '../helpers/service.js';

const given = service('shop', { hosts: ['web-1'] });
const app = (status: number, body: string): Reading =>
  reading('appAnswer', answer(status, { body }), { kind: 'host', name: 'web-1' });
const judge = (status: number, body: string) => outcomeOf(appRateLimited, given, [app(status, body)]);

describe('an app that refuses by a limit of its own', () => {
  it.each([
    '{"error": "100 per 1 hour"}',
    '{"detail":"Request was throttled. Expected available in 31 seconds."}',
    'Too many requests, please try again later.',
    "RateLimiter 'orders' does not permit further calls",
  ])('says so in the words of its limiter: %s', (body) => {
    expect(judge(503, body)).toMatchObject({
      finding: {
        cause: 'deliberate',
        confidence: 'likely',
        summary: expect.stringContaining(body.slice(0, 40)) as string,
      },
    });
  });

  it.each([
    ['what a dependency said to the app', 503, '{"payments": "429 Too Many Requests"}'],
    ['a price', 503, 'the price of 3 per piece cannot be loaded'],
    ['what is served', 200, '{"limit": "100 per 1 hour"}'],
  ])('is not taken from %s', (_name, status, body) => {
    expect(judge(status, body)).toMatchObject({ status: 'passed' });
  });
});

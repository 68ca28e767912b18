import { describe, expect, it } from 'vitest';
import { blamedPart } from '../../src/checks/evidence/blamed-part.js';

const REDIS = new Set(['cache', 'redis']);
const DATABASE = new Set(['database', 'db', 'postgres', 'postgresql']);

/** Health answers in the shapes that their libraries document. */
const SPRING = JSON.stringify({
  status: 'DOWN',
  components: {
    db: { status: 'UP', details: { database: 'PostgreSQL', validationQuery: 'isValid()' } },
    redis: { status: 'DOWN', details: { error: 'RedisConnectionException: Unable to connect' } },
  },
});
const MICROPROFILE = JSON.stringify({
  status: 'DOWN',
  checks: [
    { name: 'db', status: 'UP' },
    { name: 'cache', status: 'DOWN', data: {} },
  ],
});
const ASPNET = JSON.stringify({
  status: 'Unhealthy',
  entries: { redis: { status: 'Unhealthy', description: null, exception: 'It was not possible to connect' } },
});
const RFC_DRAFT = JSON.stringify({
  status: 'fail',
  checks: { redis: [{ status: 'fail', output: 'connection refused' }] },
});
const OWN = JSON.stringify({ status: 'failing', cache: 'Expecting value: line 1 column 1 (char 0)' });

describe('the part that a failing answer blames', () => {
  it.each([
    ['Spring Boot', SPRING, 'DOWN'],
    ['MicroProfile', MICROPROFILE, 'DOWN'],
    ['ASP.NET', ASPNET, 'It was not possible to connect'],
    ["somebody's own", OWN, 'Expecting value: line 1 column 1 (char 0)'],
    ['plain text', 'db: ok\ncache: timed out after 5 s\n', 'cache: timed out after 5 s'],
    ['a boolean', '{"database":true,"redis":false}', 'false'],
  ])('is found in %s', (_shape, body, words) => {
    expect(blamedPart(body, REDIS)).toBe(words);
  });

  it.each([
    ['Spring Boot', SPRING],
    ['MicroProfile', MICROPROFILE],
    ['another part', OWN],
    ['times', '{"status":"fail","database":"12 ms","redis":"refused"}'],
    ['a page of a proxy', '<html><h1>503</h1>database error</html>'],
    ['JSON that was cut off', '{"status":"failing","database":"down'],
    ['words that only contain its name', 'databases-of-others failed'],
  ])('is not the one that is well, or not spoken of: %s', (_shape, body) => {
    expect(blamedPart(body, DATABASE)).toBeNull();
  });

  it('bears any depth and any value', () => {
    const deep = `${'{"a":'.repeat(500)}1${'}'.repeat(500)}`;
    expect(blamedPart(deep, REDIS)).toBeNull();
    expect(blamedPart('{"__proto__":{"redis":"down"},"redis":null}', REDIS)).not.toBe('null');
    expect(blamedPart(RFC_DRAFT, REDIS)).toBe('connection refused');
  });
});

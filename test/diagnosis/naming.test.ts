import { describe, expect, it } from 'vitest';
import type { Case } from '../../src/diagnosis/case.js';
import { mentions } from '../../src/diagnosis/naming.js';
import { Service } from '../../src/model/service.js';

const service = Service.parse({
  name: 'api',
  title: 'api',
  hosts: ['api-1'],
  health: 'http://127.0.0.1:8000/health',
  database: { kind: 'postgres', url: 'postgresql://api@db.internal/api' },
  dependencies: [
    { name: 'cache', kind: 'redis', url: 'redis://cache.internal:6379' },
    { name: 'session-store', kind: 'tcp', host: '127.0.0.1', port: 7390 },
  ],
});
const given = { service } as Case; // all that it looks at

describe('an error names a dependency', () => {
  it.each([
    ['session-store', 'session store unavailable: [Errno 111] Connection refused'],
    ['session-store', 'dial tcp 127.0.0.1:7390: connect: connection refused'],
    ['cache', '{"status":"failing","cache":"timed out"}'],
    ['cache', 'Error 111 connecting to cache.internal'],
    ['database', 'psycopg2.OperationalError: server closed the connection unexpectedly'],
  ])('%s: %s', (name, text) => {
    expect(mentions(given, name, text)).toBe(true);
  });

  it.each([
    ['cache', 'server login has been failing, cached error: connect failed'],
    ['session-store', 'the session was stored'],
    ['session-store', 'connection refused'],
  ])('not %s: %s', (name, text) => {
    expect(mentions(given, name, text)).toBe(false);
  });
});

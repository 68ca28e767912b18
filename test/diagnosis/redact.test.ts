import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor, secretsOf } from '../../src/diagnosis/redact.js';
import { Service } from '../../src/model/service.js';
import { BENIGN_LINES, SECRET_LINES } from './redact-corpus.js';

const { text, deep } = createRedactor();

describe('redact', () => {
  it('has a corpus worth the name', () => {
    expect(SECRET_LINES.length).toBeGreaterThanOrEqual(100);
    expect(BENIGN_LINES.length).toBeGreaterThanOrEqual(50);
  });

  it.each(SECRET_LINES.map(([line, secret]) => ({ line, secret })))(
    'takes the secret out of: $line',
    ({ line, secret }) => {
      const clean = text(line);
      expect(clean).not.toContain(secret);
      expect(clean).toMatch(/\[redacted:[a-z0-9-]+\]/);
    },
  );

  it.each(BENIGN_LINES)('leaves alone: %s', (line) => expect(text(line)).toBe(line));

  it('keeps what stands around a secret', () => {
    expect(text('connect to postgres://api:hunter22@db-1:5432/orders failed')).toBe(
      'connect to postgres://api:[redacted:url-password]@db-1:5432/orders failed',
    );
    expect(text('GET /cb?user=ana&token=abc123def&page=2 HTTP/1.1')).toBe(
      'GET /cb?user=ana&token=[redacted:query]&page=2 HTTP/1.1',
    );
  });

  const body = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj';
  const key = [
    '-----BEGIN RSA PRIVATE KEY-----',
    'Proc-Type: 4,ENCRYPTED',
    body,
    body,
    'Az09==',
    '-----END RSA PRIVATE KEY-----',
  ];

  it('takes out a private key over several lines, and goes on after it', () => {
    expect(text(['before', ...key, 'after'].join('\n'))).toMatch(
      /^before\n(\[redacted:private-key\]\n)+after$/,
    );
    expect(text(`env KEY="${key.join('\\n')}" start`)).toBe('env KEY="[redacted:private-key]" start');
  });

  it('takes out a private key that is spread over journal entries', () => {
    const entries = key.map((line, n) => ({ at: `02:00:0${n}`, message: `api[12]: ${line}` }));
    const clean = JSON.stringify(deep([...entries, { at: '02:00:09', message: 'started' }]));
    expect(clean).not.toContain(body);
    expect(clean).toContain('"message":"started"');
  });

  it('takes out the values that the bot itself holds, whole words of the trade excepted', () => {
    const redactor = createRedactor(['S3cret-Pass/word', 'postgres', 'app']);
    expect(redactor.text('x S3cret-Pass/word y S3cret-Pass%2Fword')).toBe(
      'x [redacted:known] y [redacted:known]',
    );
    expect(redactor.text('role "postgres" of app is not permitted')).toBe(
      'role "postgres" of app is not permitted',
    );
  });

  it('finds the passwords of the inventory', () => {
    const service = Service.parse({
      name: 'api',
      title: 'Api',
      hosts: ['a'],
      health: 'http://localhost:8000/',
      database: { kind: 'postgres', url: 'postgres://u:p%40ss-w0rd@db/x' },
      dependencies: [{ name: 'cache', kind: 'redis', url: 'redis://:cache-pw-1@r:6379' }],
    });
    expect(secretsOf(service)).toEqual(['p%40ss-w0rd', 'p@ss-w0rd', 'cache-pw-1', 'cache-pw-1']);
  });

  it('goes through facts, and knows secret fields by their name', () => {
    expect(
      deep({
        a: ['token=abcdef12', 7, null],
        headers: { 'set-cookie': 'x', server: 'nginx' },
        password: 'x',
      }),
    ).toEqual({
      a: ['token=[redacted:secret]', 7, null],
      headers: { 'set-cookie': '[redacted:field]', server: 'nginx' },
      password: '[redacted:field]',
    });
  });

  it('cuts long lines, a secret on the edge included', () => {
    const line = `${'x '.repeat(2040)}password=SuperSecretValueThatIsLong123456 ${'y'.repeat(90_000)}`;
    const clean = text(line);
    expect(clean.length).toBeLessThan(4200);
    expect(clean).not.toContain('SuperSecret');
    expect(clean).toMatch(/\[cut: \d+ more\]$/);
  });

  it('is idempotent and never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (line) => {
        expect(text(text(line))).toBe(text(line));
      }),
    );
  });

  it('takes linear time on hostile lines', () => {
    const evil = [
      'a',
      '-',
      'eyJ',
      'password',
      '://:',
      '?key=',
      '"',
      "'",
      'A1',
      '=',
      'bearer ',
      ' -p',
      'curl ',
      'mysql ',
      '-----BEGIN ',
    ];
    const started = process.cpuUsage();
    for (const part of evil) text(part.repeat(Math.ceil(5000 / part.length)));
    expect(process.cpuUsage(started).user / 1000 / evil.length).toBeLessThan(100);
  });
});

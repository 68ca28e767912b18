import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fingerprint, judgeKey, keyType, lookUpKnownHost } from '../../src/clients/known-hosts.js';

const KEY = 'AAAAC3NzaC1lZDI1NTE5AAAAIJ5Gd1yP7cQAk8o0jv2Aq1M3n1u2v3w4x5y6z7A8B9C0';
const OTHER = 'AAAAC3NzaC1lZDI1NTE5AAAAIOTHERd1yP7cQAk8o0jv2Aq1M3n1u2v3w4x5y6z7A8B9';
const presented = Buffer.from(KEY, 'base64');

const hashed = (name: string): string => {
  const salt = Buffer.from('0123456789abcdefghij');
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
};
const judge = (text: string, host = 'api-1', port = 22) =>
  judgeKey(lookUpKnownHost(text, host, port), presented);

describe('known_hosts', () => {
  it.each([
    ['plain', `api-1 ssh-ed25519 ${KEY}`],
    ['with a comment and blanks', `# hosts\n\n  api-1,10.0.0.7 ssh-ed25519 ${KEY} root@api-1\r`],
    ['hashed', `${hashed('api-1')} ssh-ed25519 ${KEY}`],
    ['upper case', `API-1 ssh-ed25519 ${KEY}`],
    ['wildcard', `api-* ssh-ed25519 ${KEY}`],
    ['question mark', `api-? ssh-ed25519 ${KEY}`],
    ['several keys, one fits', `api-1 ssh-ed25519 ${OTHER}\napi-1 ssh-ed25519 ${KEY}`],
  ])('knows a host: %s', (_name, text) => expect(judge(text)).toBe('known'));

  it.each([
    ['an empty file', ''],
    ['another host', `api-2 ssh-ed25519 ${KEY}`],
    ['a longer name', `api-12 ssh-ed25519 ${KEY}`],
    ['a negated pattern', `api-*,!api-1 ssh-ed25519 ${KEY}`],
    ['a hash of another host', `${hashed('api-2')} ssh-ed25519 ${KEY}`],
    ['a certificate authority', `@cert-authority api-1 ssh-ed25519 ${KEY}`],
    ['half a line', 'api-1 ssh-ed25519'],
  ])('does not know a host from %s', (_name, text) => expect(judge(text)).toBe('unknown'));

  it('says changed when only another key is known', () => {
    expect(judge(`api-1 ssh-ed25519 ${OTHER}`)).toBe('changed');
  });

  it('refuses a revoked key, even where another line trusts it', () => {
    expect(judge(`api-1 ssh-ed25519 ${KEY}\n@revoked * ssh-ed25519 ${KEY}`)).toBe('revoked');
    expect(judge(`api-1 ssh-ed25519 ${KEY}\n@revoked * ssh-ed25519 ${OTHER}`)).toBe('known');
  });

  it('keeps ports apart, and lets the bare name vouch for one that has no line', () => {
    expect(judge(`[api-1]:2222 ssh-ed25519 ${KEY}`, 'api-1', 2222)).toBe('known');
    expect(judge(`${hashed('[api-1]:2222')} ssh-ed25519 ${KEY}`, 'api-1', 2222)).toBe('known');
    expect(judge(`[api-1]:2222 ssh-ed25519 ${KEY}`, 'api-1', 22)).toBe('unknown');
    expect(judge(`api-1 ssh-ed25519 ${KEY}`, 'api-1', 2222)).toBe('known');
    expect(judge(`api-1 ssh-ed25519 ${KEY}\n[api-1]:2222 ssh-ed25519 ${OTHER}`, 'api-1', 2222)).toBe(
      'changed',
    );
  });

  it('knows IPv6 addresses', () => {
    expect(judge(`::1 ssh-ed25519 ${KEY}`, '::1')).toBe('known');
    expect(judge(`[::1]:2222 ssh-ed25519 ${KEY}`, '::1', 2222)).toBe('known');
  });

  it('tells that only certificates are known', () => {
    expect(lookUpKnownHost(`@cert-authority *.lan ssh-ed25519 ${KEY}`, 'a.lan', 22).certificatesOnly).toBe(
      true,
    );
  });

  it('matches many stars in no time', () => {
    const started = process.cpuUsage();
    judge(`${'*a'.repeat(5000)} ssh-ed25519 ${KEY}`, 'a'.repeat(250));
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(500);
  });

  it('prints type and fingerprint of a key', () => {
    expect(keyType(presented)).toBe('ssh-ed25519');
    expect(keyType(Buffer.from('x'))).toBe('');
    expect(fingerprint(presented)).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
  });
});

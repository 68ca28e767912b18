import { describe, expect, it } from 'vitest';
import { rememberCertificates } from '../../src/alerts/certificates.js';

describe('rememberCertificates', () => {
  it('asks once for what several wait for, and not again for what it has', async () => {
    const asked: string[] = [];
    const get = rememberCertificates((url) => Promise.resolve(`pem of ${asked.push(url)}`));
    expect(await Promise.all([get('a'), get('a')])).toEqual(['pem of 1', 'pem of 1']);
    expect(await get('a')).toBe('pem of 1');
    expect(asked).toEqual(['a']);
  });

  it('keeps the four that were used last', async () => {
    const asked: string[] = [];
    const get = rememberCertificates((url) => Promise.resolve(String(asked.push(url))));
    for (const url of ['a', 'b', 'c', 'd', 'a', 'e', 'a', 'b']) await get(url);
    expect(asked).toEqual(['a', 'b', 'c', 'd', 'e', 'b']);
  });

  it('keeps no failure', async () => {
    let works = false;
    const get = rememberCertificates(() =>
      works ? Promise.resolve('pem') : Promise.reject(new Error('down')),
    );
    await expect(get('a')).rejects.toThrow('down');
    works = true;
    expect(await get('a')).toBe('pem');
  });

  it('has at most four questions open', async () => {
    const get = rememberCertificates(() => new Promise(() => undefined));
    for (const url of ['a', 'b', 'c', 'd']) void get(url);
    await expect(get('e')).rejects.toThrow('too many');
  });
});

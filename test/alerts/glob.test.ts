import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { fitsGlob } from '../../src/alerts/glob.js';

describe('fitsGlob', () => {
  it.each([
    ['api-prod', 'api-prod', true],
    ['api-prod', 'api-prod2', false],
    ['api-prod', 'API-prod', false],
    ['api-*', 'api-', true],
    ['api-*', 'api-prod', true],
    ['api-*', 'xapi-prod', false],
    ['*-prod', 'api-prod', true],
    ['*', '', true],
    ['?', '', false],
    ['?', '𝔸', true],
    ['a?c', 'abc', true],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'a-c-b', false],
    ['**', 'anything', true],
    ['a\\*', 'a*', true],
    ['a\\*', 'ab', false],
    ['a\\', 'a\\', true],
    ['.*', 'anything', false],
    ['[a-z]', 'b', false],
    ['', '', true],
    ['', 'a', false],
  ])('%j with %j: %s', (pattern, text, expected) => {
    expect(fitsGlob(pattern, text)).toBe(expected);
  });

  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 12 });
  test.prop([letters, fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 12 })])(
    'says what a regular expression of the same meaning says',
    (pattern, text) => {
      const regex = new RegExp(`^${pattern.replaceAll('*', '[^]*').replaceAll('?', '[^]')}$`);
      expect(fitsGlob(pattern, text)).toBe(regex.test(text));
    },
  );

  it('is done at once with what a regular expression would never end', () => {
    const began = performance.now();
    expect(fitsGlob(`${'*a'.repeat(99)}*b`, 'a'.repeat(1_000))).toBe(false);
    expect(performance.now() - began).toBeLessThan(500);
  });
});

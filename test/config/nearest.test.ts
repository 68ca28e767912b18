import { describe, expect, it } from 'vitest';
import { didYouMean, nearest } from '../../src/config/nearest.js';

const SERVICES = ['api-prod', 'api-test', 'billing', 'shop'];

describe('nearest', () => {
  it.each([
    ['api-prd', ['api-prod']],
    ['API-PROD', ['api-prod']],
    ['api', ['api-prod', 'api-test']],
    ['prod', ['api-prod']],
    ['shpo', ['shop']],
    ['bilings', ['billing']],
    ['', []],
    ['completely-else', []],
    ['x'.repeat(4000), []],
  ])('of %s is %o', (typed, names) => {
    expect(nearest(typed, SERVICES)).toEqual(names);
  });

  it('ends a sentence, or says nothing', () => {
    expect(didYouMean('helth', ['health', 'hosts'])).toBe(' did you mean "health"?');
    expect(didYouMean('zzz', ['health'])).toBe('');
  });
});

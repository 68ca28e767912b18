import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { matchAlert } from '../../src/alerts/match-alert.js';
import { inventoryOf, service } from '../helpers/service.js';

const inventory = inventoryOf(
  service('shop', { alerts: { match: { app: 'shop*', env: 'prod' } } }),
  service('shop-eu', { alerts: { match: [{ app: 'shop-eu' }, { cluster: 'eu-?', job: 'shop' }] } }),
  service('billing'),
);
const match = (labels: Record<string, string>) => matchAlert({ labels }, inventory);

describe('matchAlert', () => {
  it('asks for all labels of a matcher', () => {
    expect(match({ app: 'shop-web', env: 'prod', more: 'x' })).toEqual({
      service: 'shop',
      by: 'app=shop*, env=prod',
      also: [],
    });
    expect(match({ app: 'shop-web' })).toBeNull();
  });

  it('takes one of several matchers', () => {
    expect(match({ cluster: 'eu-1', job: 'shop' })).toMatchObject({
      service: 'shop-eu',
      by: 'cluster=eu-?, job=shop',
    });
  });

  it('gives it to the first of the inventory, and names the others', () => {
    expect(match({ app: 'shop-eu', env: 'prod' })).toMatchObject({ service: 'shop', also: ['shop-eu'] });
  });

  it('falls back on a label that is the name, after every matcher', () => {
    expect(match({ service: 'billing' })).toMatchObject({ service: 'billing' });
    expect(match({ service: 'billing', app: 'shop', env: 'prod' })).toMatchObject({ service: 'shop' });
  });

  it.each([
    { service: 'Billing' },
    { service: 'billing ' },
    { service: '' },
    { service: 'billing;id' },
    { service: '__proto__' },
    { service: 'constructor' },
  ])('leaves %o alone', (labels) => {
    expect(match(labels)).toBeNull();
  });

  it('sees no label that the sender did not send', () => {
    const wide = inventoryOf(service('shop', { alerts: { match: { constructor: '*' } } }));
    expect(matchAlert({ labels: {} }, wide)).toBeNull();
  });

  const names = ['shop', 'shop-eu', 'billing'];
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.constantFrom(
      ';id',
      '$(id)',
      '`id`',
      '--root=/',
      '-oProxyCommand=x',
      '%00',
      'bill\u0456ng',
      'a'.repeat(4_000),
    ),
  );
  test.prop([hostile, hostile], { numRuns: 2_000 })(
    'answers with a name of the inventory or with none',
    (name, value) => {
      const found = match({ service: value, [name]: value, app: value });
      if (found !== null) expect(names).toContain(found.service);
      if (!names.includes(value) && !value.startsWith('shop')) expect(found).toBeNull();
    },
  );
});

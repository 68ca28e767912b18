import { describe, expect, it } from 'vitest';
import { type NamedRoot, sharedRoot } from '../../src/model/shared-root.js';
import { service } from '../helpers/service.js';

const database = { kind: 'postgres' as const, url: 'postgres://app:secret@postgres-main:5432/orders' };
const services = new Map(
  [
    service('api', { database }),
    service('shop', { database: { ...database, url: 'postgres://shop@postgres-main:5432/shop' } }),
    service('mail', { dependencies: [{ name: 'main-db', kind: 'postgres', url: database.url }] }),
    service('web', { database: { ...database, url: 'postgres://web@other:5432/web' } }),
  ].map((each) => [each.name, each]),
);
const names = (name: string, dependency = 'database'): NamedRoot => ({
  service: name,
  root: { kind: 'dependency', name: dependency },
});
const onHost = (name: string): NamedRoot => ({ service: name, root: { kind: 'host', name: 'api-1' } });

describe('sharedRoot', () => {
  it('is the one address that the verdicts name, whatever each service calls it', () => {
    const verdicts = [names('api'), names('shop'), names('mail', 'main-db')];
    expect(sharedRoot(verdicts, services)).toEqual({ name: 'postgres-main', count: 3, of: 3 });
  });
  it('is said from two thirds of the verdicts on', () => {
    const three = [names('api'), names('shop'), names('mail', 'main-db')];
    expect(sharedRoot([...three, onHost('web')], services)).toMatchObject({ count: 3, of: 4 });
    expect(sharedRoot([...three, onHost('web'), names('web')], services)).toBeNull();
  });
  it('is not said of two', () => {
    expect(sharedRoot([names('api'), names('shop')], services)).toBeNull();
  });
  it('does not take two databases for one because both are called database', () => {
    expect(sharedRoot([names('api'), names('web'), names('shop')], services)).toBeNull();
  });
  it('says nothing where nothing is known', () => {
    expect(sharedRoot([], services)).toBeNull();
    expect(sharedRoot([names('gone'), names('api', 'unheard-of'), onHost('web')], services)).toBeNull();
  });
});

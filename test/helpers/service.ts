import { type Inventory, Service } from '../../src/model/service.js';

export const service = (name = 'api-prod', fields: Partial<Service> = {}): Service =>
  Service.parse({
    name,
    title: name,
    hosts: ['local'],
    health: 'http://127.0.0.1:8000/health/',
    ...fields,
  });

export const inventoryOf = (...services: readonly Service[]): Inventory => ({
  services: new Map(services.map((each) => [each.name, each])),
  hosts: new Map(),
});

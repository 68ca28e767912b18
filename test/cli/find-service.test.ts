import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/cli/exit-codes.js';
import { findService } from '../../src/cli/find-service.js';
import { parseInventory } from '../../src/config/inventory.js';

const names = ['api-prod', 'api-test', 'billing'];
const entries = names.map((name) => `  ${name}: { hosts: [local], health: "http://localhost/" }`);
const inventory = parseInventory(['services:', ...entries].join('\n'), { file: 's.yaml', env: {} });

function refusal(typed: string): string {
  try {
    findService(inventory, typed);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return 'found';
}

describe('findService', () => {
  it('finds a service by its exact name', () => {
    expect(findService(inventory, 'billing').name).toBe('billing');
  });

  it.each([
    ['api-prd', 'unknown service "api-prd"; did you mean api-prod?'],
    ['api', 'unknown service "api"; did you mean api-prod or api-test?'],
    ['zzzzzzzzz', 'unknown service "zzzzzzzzz"; the inventory has api-prod, api-test, billing'],
    ['', 'name a service: api-prod, api-test, billing'],
    ['  ', 'name a service: api-prod, api-test, billing'],
    ['a\u001b[2Jb\nc', 'unknown service "a\\x1b[2Jb\\nc"; the inventory has api-prod, api-test, billing'],
    ['__proto__', 'unknown service "__proto__"; the inventory has api-prod, api-test, billing'],
  ])('refuses %j', (typed, message) => {
    expect(refusal(typed)).toBe(message);
  });

  it('repeats only the beginning of 4,000 characters', () => {
    expect(refusal('x'.repeat(4000)).length).toBeLessThan(200);
  });
});

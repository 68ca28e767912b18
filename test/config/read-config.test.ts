import { expect, it } from 'vitest';
import { readConfig } from '../../src/config/read-config.js';

it('shows what is wrong with the environment and with the inventory at once', () => {
  expect(() => readConfig({ DIAG503_INVENTORY: '/no/such.yaml' }, 'worker')).toThrow(
    /^SLACK_BOT_TOKEN: missing.*\n\/no\/such\.yaml: no such file/,
  );
});

it('prefers the file that is named on the command line', () => {
  const raw = { DIAG503_INVENTORY: '/no/such.yaml', API_DB_URL: 'postgres://h/d', CACHE_PASSWORD: 'x' };
  const { inventory } = readConfig(
    { ...raw, LEDGER_DB_URL: 'postgres://h/l' },
    'run',
    'services.example.yaml',
  );
  expect(inventory.services.size).toBe(2);
});

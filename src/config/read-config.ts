import type { Inventory } from '../model/service.js';
import { ConfigError } from './config-error.js';
import { readEnv, type EnvCommand, type EnvOf, type RawEnv } from './env.js';
import { loadInventory } from './inventory.js';

/** Environment and inventory together: whoever has to repair one sees what is wrong with the other too. */
export function readConfig<Command extends EnvCommand>(
  raw: RawEnv,
  command: Command,
  inventoryPath?: string,
): { env: EnvOf<Command>; inventory: Inventory } {
  const env = attempt(() => readEnv(raw, command));
  const path = inventoryPath ?? (env instanceof ConfigError ? raw['DIAG503_INVENTORY'] : env.inventoryPath);
  const inventory = attempt(() =>
    loadInventory(path === undefined || path === '' ? 'services.yaml' : path, raw),
  );
  if (env instanceof ConfigError || inventory instanceof ConfigError) {
    throw new ConfigError(
      [env, inventory].flatMap((part) => (part instanceof ConfigError ? part.problems : [])),
    );
  }
  return { env, inventory };
}

function attempt<T>(read: () => T): T | ConfigError {
  try {
    return read();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

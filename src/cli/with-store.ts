import type { RawEnv } from '../config/env.js';
import { readEnv } from '../config/env.js';
import type { Store } from '../store/store.js';
import { StartError } from './exit-codes.js';

/** The database as it is: it is neither changed nor kept running. For commands that only read. */
export async function withStore(
  raw: RawEnv,
  what: string,
  work: (store: Store) => Promise<number>,
): Promise<number> {
  const { databaseUrl, dataDir } = readEnv(raw, 'audit');
  const { openDatabase } = await import('../store/database.js');
  const { createStore } = await import('../store/store.js');
  const { startEmbeddedPostgres } = await import('../store/embedded-postgres.js');
  const cannotRead = (cause: unknown): never => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StartError(`${what} cannot be read: ${reason}`, { cause });
  };
  const embedded =
    databaseUrl === undefined ? await startEmbeddedPostgres({ dataDir }).catch(cannotRead) : null;
  const database = openDatabase(embedded?.url ?? databaseUrl ?? '');
  try {
    return await work(createStore(database)).catch(cannotRead);
  } finally {
    await database.close();
    await embedded?.stop();
  }
}

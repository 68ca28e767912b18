import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import pg from 'pg';

const FOLDER = fileURLToPath(new URL('migrations', import.meta.url));
export const SCHEMA = 'diag503';

const MIGRATIONS = {
  dir: FOLDER,
  ignorePattern: '(?!.*\\.sql$).*',
  migrationsTable: 'migration',
  schema: SCHEMA,
  createSchema: true,
  singleTransaction: true,
  advisoryLockMode: 'wait',
  log: () => undefined,
} as const;

/** Down by `count` steps. */
type Way = { readonly direction: 'up' } | { readonly direction: 'down'; readonly count: number };

/**
 * Brings the tables up to date, or back. Under an advisory lock: of several processes that start at once one migrates and
 * the others wait for it. All or nothing: a migration that fails leaves the schema as it was. Says which it ran.
 */
export async function migrateDatabase(url: string, way: Way = { direction: 'up' }): Promise<string[]> {
  const dbClient = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 5_000,
    application_name: 'diag503 migration',
  });
  // The runner neither listens to a connection of its own nor waits for its end, and a server that stops meanwhile would
  // end this process. What is asked fails by itself; between the questions an error says nothing more.
  dbClient.on('error', () => undefined);
  try {
    await dbClient.connect();
    const ran = await runner({ ...MIGRATIONS, ...way, dbClient });
    return ran.map(({ name }) => name);
  } finally {
    await dbClient.end();
  }
}

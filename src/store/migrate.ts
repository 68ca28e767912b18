import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';

const FOLDER = fileURLToPath(new URL('migrations', import.meta.url));
export const SCHEMA = 'diag503';

export const MIGRATIONS = {
  dir: FOLDER,
  ignorePattern: '(?!.*\\.sql$).*',
  migrationsTable: 'migration',
  schema: SCHEMA,
  createSchema: true,
  singleTransaction: true,
  advisoryLockMode: 'wait',
  log: () => undefined,
} as const;

/**
 * Brings the tables up to date. Under an advisory lock: of several processes that start at once one migrates and the
 * others wait for it. All or nothing: a migration that fails leaves the schema as it was.
 */
export async function migrateDatabase(url: string): Promise<void> {
  await runner({
    ...MIGRATIONS,
    databaseUrl: {
      connectionString: url,
      connectionTimeoutMillis: 5_000,
      application_name: 'diag503 migration',
    },
    direction: 'up',
  });
}

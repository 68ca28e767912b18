import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../src/store/database.js';
import type { RunningPostgres } from '../../src/store/embedded-postgres.js';
import { migrateDatabase } from '../../src/store/migrate.js';
import { createStore } from '../../src/store/store.js';
import { delivery, policy } from '../helpers/alert.js';
import { startTestPostgres } from '../servers/embedded.js';

let postgres: RunningPostgres;
let database: Database;
beforeAll(async () => {
  postgres = await startTestPostgres();
  database = openDatabase(postgres.url);
});
afterAll(async () => {
  await database.close();
  await postgres.stop();
});

/** All that there is in our schema: columns, constraints and indexes, word for word. */
const schema = async (): Promise<string[]> => {
  const rows = await database.query(
    `SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '') AS line
     FROM information_schema.columns WHERE table_schema = 'diag503'
     UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
     FROM pg_constraint WHERE connamespace = 'diag503'::regnamespace
     UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'diag503'
     UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = 'diag503'::regnamespace
     UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid
     WHERE NOT tgisinternal AND c.relnamespace = 'diag503'::regnamespace
     ORDER BY 1`,
  );
  return rows.map(({ line }) => String(line));
};
const tables = async (): Promise<string[]> => {
  const rows = await database.query(
    `SELECT tablename FROM pg_tables WHERE schemaname = 'diag503' ORDER BY 1`,
  );
  return rows.map(({ tablename }) => String(tablename));
};
const down = (count: number) => migrateDatabase(postgres.url, { direction: 'down', count });

/** Rows that an older version could not have written must not keep it from coming back. */
const useIt = async (): Promise<void> => {
  const { alerts } = createStore(database);
  const services = ['a', 'b', 'c', 'd', 'e', 'f'];
  const deliveries = services.map((service) => delivery(service));
  const accepted = await alerts.accept(deliveries, () => policy());
  expect(accepted.flatMap(({ runs }) => runs)).toHaveLength(services.length);
  expect(await alerts.sweepStorms('C0OPS')).toHaveLength(1);
};

it('goes up, one step down at a time to nothing, and up again to the same tables', async () => {
  await migrateDatabase(postgres.url);
  const first = await schema();
  expect(first.length).toBeGreaterThan(100);
  await useIt();

  for (let steps = 0; (await tables()).some((table) => table !== 'migration'); steps += 1) {
    expect(steps).toBeLessThan(50);
    expect(await down(1)).toHaveLength(1);
  }
  const left = await schema();
  expect(left.filter((line) => !/\bmigration(_|\b)/.test(line))).toEqual([]);

  await migrateDatabase(postgres.url);
  expect(await schema()).toEqual(first);
  await useIt();
});

it('goes down in one step as well', async () => {
  await down(Infinity);
  expect(await tables()).toEqual(['migration']);
});

import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { startPostgres } from '../../src/store/embedded-postgres.js';
import { RemediationRule } from '../../src/model/service.js';
import { endSessionsFunction } from '../../src/remediations/sql/end-idle-sessions.js';
import { startChild, type Child } from '../child.js';

/**
 * 14 less the 3 that PostgreSQL keeps for superusers and the 2 for roles such as the bot's, which can therefore still
 * look when everybody else is refused: 9 for the rest.
 */
const SLOTS = { max_connections: 14, superuser_reserved_connections: 3, reserved_connections: 2 };

/** The report belongs to the shop's own role. In a demo nobody wants to wait a minute. */
const FORGOTTEN = RemediationRule.parse({ allow: ['operator'], users: ['shop'], idleSeconds: 1 });

export type SickService = {
  /** Where it is asked for its health. */
  readonly health: string;
  /** How the bot's own login sees its database. */
  readonly databaseUrl: string;
  /** Starts the report that forgets to commit; answers how many slots it took. */
  forget(): Promise<number>;
  /** Status code of its answer now. */
  status(): Promise<number>;
  stop(): Promise<void>;
};

/** The shop, healthy, on a PostgreSQL of its own in `folder`. */
export async function startSickService(folder: string): Promise<SickService> {
  const port = await freePort();
  const postgres = await startPostgres({
    dataDir: path.join(folder, 'shop-database'),
    settings: { listen_addresses: '127.0.0.1', port, ...SLOTS },
  });
  await createOrders(postgres.url);
  const databaseUrl = (user: string): string => `postgres://${user}@127.0.0.1:${port}/orders`;
  const env = { SHOP_DATABASE_URL: databaseUrl('shop') };

  const shop = startChild('sick-service/main.ts', [], env);
  const health = `http://127.0.0.1:${await shop.says('listening', 20_000)}/health/`;
  let report: Child | undefined;
  return {
    health,
    databaseUrl: databaseUrl('diag503_ro'),
    forget: async () => {
      await report?.stop();
      report = startChild('sick-service/forgotten-report.ts', [], env);
      const held = Number(await report.says('holding', 20_000));
      await sleep(FORGOTTEN.idleSeconds * 1_000 + 200); // until all of them count as forgotten
      return held;
    },
    status: async () => (await fetch(health)).status,
    stop: async () => {
      await Promise.all([report?.stop(), shop.stop()]);
      await postgres.stop();
    },
  };
}

async function createOrders(url: string): Promise<void> {
  await run(url, [
    'create role shop login',
    'create role diag503_ro login',
    'create database orders owner shop',
  ]);
  await run(url.replace('/postgres?', '/orders?'), [
    'grant pg_monitor, pg_use_reserved_connections to diag503_ro',
    'create table orders (id int primary key)',
    'insert into orders select generate_series(1, 10)',
    'grant select on orders to shop',
    endSessionsFunction('diag503_ro', FORGOTTEN), // as `diag503 grant` prints it
  ]);
}

async function run(url: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address !== 'string') resolve(address.port);
      });
    });
  });
}

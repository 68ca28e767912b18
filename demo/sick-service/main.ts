import { createServer } from 'node:http';
import pg from 'pg';
import { endWithParent } from '../end-with-parent.js';

/**
 * The demo's sick service: a small shop with a real connection pool on a real PostgreSQL. Nothing is pretended: once
 * the forgotten report holds every slot, the server refuses the shop's logins and the shop answers 503 by itself.
 */
endWithParent();

const POOL_SIZE = 4;
const pool = new pg.Pool({
  connectionString: process.env['SHOP_DATABASE_URL'],
  application_name: 'shop',
  max: POOL_SIZE,
  connectionTimeoutMillis: 2_000,
  /** Short, so that the shop holds no slot that it does not need, as behind a pooler. */
  idleTimeoutMillis: 500,
});
pool.on('error', (error) => {
  console.error(`shop: idle connection lost: ${error.message}`);
});

const server = createServer((_request, response) => {
  pool
    .query<{ orders: string }>('select count(*) as orders from orders')
    .then(({ rows }) => {
      answer(200, { status: 'ok', orders: Number(rows[0]?.orders) });
    })
    .catch((error: unknown) => {
      answer(503, { status: 'failing', database: error instanceof Error ? error.message : String(error) });
    });

  function answer(status: number, body: Record<string, unknown>): void {
    response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
  }
});

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the shop has no port');
  console.log(`listening ${address.port}`);
});

import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { endWithParent } from '../end-with-parent.js';

/**
 * The fault: a nightly report that opens a transaction per table and never commits. Takes every slot that the server
 * still gives, so that the number follows from the server's own settings, and those that the shop gives back when it
 * is idle for half a second.
 */
const REFUSED_FOR_MS = 1_000;

endWithParent();

const held: pg.Client[] = [];
let takenAt = Date.now();
for (;;) {
  const client = new pg.Client({
    connectionString: process.env['SHOP_DATABASE_URL'],
    application_name: 'nightly-report',
  });
  client.on('error', () => process.exit(0)); // its session was ended: the report is over
  try {
    await client.connect();
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== '53300') throw error;
    if (Date.now() - takenAt > REFUSED_FOR_MS) break; // no slot is left: the fault is complete
    await sleep(50);
    continue;
  }
  await client.query('begin');
  await client.query('select count(*) from orders');
  held.push(client);
  takenAt = Date.now();
}
console.log(`holding ${held.length}`);

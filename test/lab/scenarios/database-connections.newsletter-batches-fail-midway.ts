import type { Lab } from '../lab.js';
import { endPhpShop, runPhpShop } from '../faults/php-shop.js';
import { sql, untilNoSlotIsLeft } from '../faults/sql.js';
import { defineScenario } from '../scenario.js';
import { untilWell } from '../wellness.js';

const NEWSLETTER = 'newsletter';
const FIGURES = 'desk-figures';

/** A client of the pool for each batch. One that fails is noted, and its client neither rolled back nor given back. */
const SEND = `
const { Pool } = require('pg');
const pool = new Pool({
  connectionString: 'postgresql://shop:shop-secret@db.lab.test:5432/shop',
  application_name: 'newsletter',
  max: 40,
  connectionTimeoutMillis: 5000,
});
pool.on('error', (error) => console.error('idle client: %s', error.message));

async function send(batch) {
  const client = await pool.connect();
  await client.query('begin');
  const { rows } = await client.query('select id, email from subscribers order by id limit 50 offset $1', [batch * 50]);
  await client.query('update subscribers set mailed_at = now() where id = any($1)', [rows.map(({ id }) => id)]);
  await client.query('commit');
  client.release();
}

let next = 0;
setInterval(() => {
  const batch = next++ % 40;
  send(batch).catch((error) => console.error('batch %d: %s', batch, error.message));
}, 250);
`;

const SUBSCRIBERS = `create table if not exists subscribers as
  select id, 'reader' || id || '@example.test' as email, now() - interval '7 days' as last_mailed_at
  from generate_series(1, 2000) id`;

/** Takes some seconds each time, in one session that it has had all along, and disturbs nobody. */
const REPORT = `
while :; do
  echo 'select count(*) from tickets a, tickets b, tickets c where c.id <= 120 and a.id + b.id > c.id;'
  sleep 12
done | PGPASSWORD=desk-secret PGAPPNAME=desk-figures psql -qXAt -h 127.0.0.1 -U desk desk
`;

const stop = (lab: Lab, name: 'pay-1' | 'db-1', unit: string): void => {
  lab.host(name).sh(`systemctl kill --signal=KILL ${unit} 2>/dev/null || :
    systemctl stop ${unit} 2>/dev/null || :
    systemctl reset-failed ${unit} 2>/dev/null || :`);
};

export default defineScenario({
  fault:
    'The newsletter of the shop, a program of Node.js on another host, updates a column that was renamed last week: each batch fails in the middle of its transaction, is neither rolled back nor given back to the pool, and the next one takes another session. The shop is written in PHP and logs in anew for each page; beside it a report of the desk takes seconds for each statement, as ever.',
  because:
    'Every usable slot of the database is taken, and some twenty of them sit idle in transaction (aborted), all of the newsletter from one address; the shop is refused on every host with "remaining connection slots are reserved". The server itself is well, nothing waits for a lock, and the slow statements of the desk use one session.',
  service: 'shop',
  users: [503],
  settleSeconds: 8,
  inject: async (lab) => {
    lab.web.forEach((host) => runPhpShop(host));
    sql(lab, SUBSCRIBERS, 'shop');
    sql(lab, 'alter table subscribers owner to shop', 'shop');
    const once = ['-q', '--collect', '--property=TimeoutStopSec=3'];
    lab.host('db-1').run('systemd-run', ...once, `--unit=${FIGURES}`, 'sh', '-c', REPORT);
    await untilWell(lab);
    lab
      .host('pay-1')
      .run(
        'systemd-run',
        ...once,
        `--unit=${NEWSLETTER}`,
        '--setenv=NODE_PATH=/usr/share/nodejs',
        '/usr/bin/node',
        '-e',
        SEND,
      );
    untilNoSlotIsLeft(lab);
  },
  heal: (lab) => {
    stop(lab, 'pay-1', NEWSLETTER);
    stop(lab, 'db-1', FIGURES);
    sql(
      lab,
      "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name in ('newsletter', 'desk-figures')",
    );
    sql(lab, 'drop table if exists subscribers', 'shop');
    lab.web.forEach(endPhpShop);
  },
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: ['confirmed', 'likely'],
    root: ['idle-in-transaction', 'connections-exhausted', 'app-refused-connection'],
    notSaid: [
      'dependency',
      'overload',
      'deployment',
      'not-started',
      'routing',
      'deliberate',
      'sessions-blocked-by-lock',
    ],
  },
});

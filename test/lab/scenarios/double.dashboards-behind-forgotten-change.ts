import { setTimeout as sleep } from 'node:timers/promises';
import { endProgram, startProgram } from '../faults/background-program.js';
import { endSessions, openSessions } from '../faults/sql-session.js';
import { sql } from '../faults/sql.js';
import { startAnew } from '../faults/start-anew.js';
import type { Lab } from '../lab.js';
import { defineScenario } from '../scenario.js';

const DASHBOARDS = 'metabase';

/** Tiles of a dashboard that are drawn anew all the time, each over a session of its own. */
const PROGRAM = `
import psycopg2, threading, time
URL = "postgresql://shop:shop-secret@db.lab.test/shop"
def tile():
    while True:
        try:
            connection = psycopg2.connect(URL, connect_timeout=5, application_name="metabase")
            with connection.cursor() as cursor:
                cursor.execute("select state, count(*) from deliveries group by state")
                cursor.fetchall()
            connection.close()
            time.sleep(2)
        except psycopg2.Error:
            time.sleep(0.5)
for _ in range(22):
    threading.Thread(target=tile).start()
`;

/** What the role of the shop may have, less the one session that changes the table. */
const LEFT = 19;
const countOf = (application: string): string =>
  `select count(*) from pg_stat_activity where application_name = '${application}'`;
const endThoseOf = (application: string): string =>
  `select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = '${application}'`;

async function until(
  what: string,
  isSo: () => boolean,
  meanwhile: () => void = () => undefined,
): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error(`Waited in vain: ${what}.`);
    meanwhile();
    await sleep(500);
  }
}

const ask = (lab: Lab, statement: string): number => Number(sql(lab, statement, 'shop'));

export default defineScenario({
  fault:
    'A colleague adds a column to the table of deliveries in psql and forgets to commit. The dashboards of the warehouse, which go by the login of the shop, read that table: tile after tile waits behind the change, over a session of its own, until the role has none left of its twenty. An operator who wanted to help then ended the sessions of the shop, which gets no other.',
  because:
    'The app is told "too many connections for role shop" and no page of it needs the deliveries. Nineteen of the twenty sessions are dashboards that wait for a lock, all for the same one, and the twentieth holds it, idle in its transaction. That the role is full is a consequence: ended one by one, the dashboards are back in a second, and once the transaction is ended they go by themselves.',
  service: 'shop',
  users: [503],
  settleSeconds: 6,
  inject: async (lab) => {
    sql(
      lab,
      `create table deliveries as
         select id, case when id % 7 = 0 then 'open' else 'sent' end as state from generate_series(1, 900) id;
       alter table deliveries owner to shop`,
      'shop',
    );
    sql(lab, 'alter role shop connection limit 20');
    openSessions(lab, 'shop', 'begin; alter table deliveries add column carrier text;');
    const held = `select count(*) from pg_locks
      where relation = 'deliveries'::regclass and mode = 'AccessExclusiveLock' and granted`;
    await until('nobody changes the table', () => ask(lab, held) > 0);
    startProgram(lab.host('cache-1'), DASHBOARDS, PROGRAM);
    await until(
      'the dashboards did not take every session',
      () => ask(lab, countOf('metabase')) >= LEFT,
      () => void sql(lab, endThoseOf('shop')),
    );
  },
  heal: (lab) => {
    endProgram(lab.host('cache-1'), DASHBOARDS);
    endSessions(lab);
    sql(lab, endThoseOf('metabase'));
    sql(lab, 'alter role shop connection limit -1');
    sql(lab, 'drop table if exists deliveries', 'shop');
    lab.web.forEach((host) => startAnew(host, 'shop'));
  },
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['sessions-blocked-by-lock', 'idle-in-transaction'],
    hop: ['balancer', 'app'],
    notSaid: ['dependency', 'overload', 'deployment', 'not-started', 'routing', 'deliberate'],
  },
});

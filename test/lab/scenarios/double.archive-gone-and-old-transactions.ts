import { endHolder, holdSessions } from '../faults/hold-sessions.js';
import { sql } from '../faults/sql.js';
import { HOSTS } from '../topology.js';
import { defineScenario } from '../scenario.js';

/** The host of payments: it is up and has nothing on the port of a database. */
const ARCHIVE = HOSTS['pay-1'].address;

export default defineScenario({
  fault:
    'The orders of past years live on an archive of its own, which the database asks itself (postgres_fdw) whenever all orders are counted; the archive is stopped. Besides, eight transactions of a report stand idle for long.',
  because:
    'The app quotes the database for every page: could not connect to server "archive", connection refused. The database answers that at once, over sessions that are open and well, and has slots left; the report locks nothing. What is gone stands behind the database, and nobody told diag503 of it.',
  service: 'shop',
  users: [503],
  settleSeconds: 20,
  inject: (lab) => {
    // Before the orders change: transactions that have read them would hold that up.
    holdSessions(lab, {
      on: 'pay-1',
      url: 'postgresql://shop:shop-secret@db.lab.test/shop',
      application: 'report',
      sessions: 8,
      statements: ['select count(*) from pg_class'],
      inTransaction: true,
    });
    sql(
      lab,
      `create extension postgres_fdw;
       create server archive foreign data wrapper postgres_fdw
         options (host '${ARCHIVE}', port '5432', dbname 'archive');
       create user mapping for shop server archive options (user 'shop', password 'archive-secret');
       create foreign table orders_of_past_years (id integer, placed timestamptz)
         server archive options (table_name 'orders');
       alter foreign table orders_of_past_years owner to shop;
       alter table orders rename to orders_of_this_year;
       create view orders as
         select * from orders_of_this_year union all select * from orders_of_past_years;
       alter view orders owner to shop`,
      'shop',
    );
  },
  heal: (lab) => {
    endHolder(lab, 'pay-1');
    sql(
      lab,
      `do $$ begin
         if to_regclass('orders_of_this_year') is not null then
           drop extension if exists postgres_fdw cascade;
           alter table orders_of_this_year rename to orders;
         end if;
       end $$`,
      'shop',
    );
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: [
      'app-blames-dependency',
      'app-refused-by-dependency',
      'dependency-failing',
      'dependency-unreachable',
      'undeclared-dependency',
    ],
    hop: ['balancer', 'app'],
    notSaid: [
      'database-connections',
      'idle-in-transaction',
      'overload',
      'deployment',
      'not-started',
      'routing',
      'deliberate',
    ],
  },
});

import { endSessions, sql } from '../faults/sql.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The role of the shop has had statement_timeout = 20 for long, which was meant as seconds and is taken as milliseconds; tonight an import brought two million old orders into the table that every page counts.',
  because:
    'The app quotes the database for every page and within milliseconds: "canceling statement due to statement timeout". Nobody holds a lock, slots are left, the server has nothing to do, and whoever asks it as another role gets an answer: it is told to give up before it can have counted.',
  service: 'shop',
  users: [503],
  settleSeconds: 6,
  inject: (lab) => {
    sql(lab, 'alter role shop set statement_timeout = 20');
    sql(
      lab,
      `create table orders_imported as select id, now() as placed from generate_series(1, 2000000) id;
       alter table orders_imported owner to shop;
       alter table orders rename to orders_kept;
       alter table orders_imported rename to orders`,
      'shop',
    );
    // A session has what its role was set to when it logged in.
    endSessions(lab, 'shop');
  },
  heal: (lab) => {
    sql(lab, 'alter role shop reset statement_timeout');
    sql(
      lab,
      `do $$ begin
         if to_regclass('orders_kept') is not null then
           drop table orders;
           alter table orders_kept rename to orders;
         end if;
       end $$; drop table if exists orders_imported`,
      'shop',
    );
    endSessions(lab, 'shop');
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['app-refused-by-dependency', 'app-blames-dependency', 'dependency-failing', 'dependency-slow'],
    hop: ['balancer', 'app'],
    notSaid: [
      'database-connections',
      'overload',
      'deployment',
      'not-started',
      'routing',
      'deliberate',
      'dependency-unreachable',
    ],
  },
});

import { sql } from '../faults/sql.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

const UNIT = 'lab-vacuum';
const slow = (statement: string): string =>
  `create or replace function region_of(id int) returns int immutable language plpgsql
   as $f$ begin ${statement} return id % 16; end $f$`;

export default defineScenario({
  fault:
    'The timer of the weekly vacuumdb --full fired by day. The table of orders has an index on a function that looks up the region of each order and is slow, so that the rewrite takes minutes.',
  because:
    'One session of vacuumdb runs VACUUM FULL and has the table of orders for itself; every session of the shop waits for its lock, and there are slots left. It is upkeep, no change of the schema and no release: the app computes nothing, and nobody refuses anybody.',
  service: 'shop',
  users: [503],
  settleSeconds: 4,
  inject: (lab) => {
    sql(lab, slow(''), 'shop');
    sql(lab, 'create index orders_region on orders (region_of(id))', 'shop');
    sql(lab, slow('perform pg_sleep(0.5);'), 'shop');
    const vacuum = ['/usr/lib/postgresql/15/bin/vacuumdb', '--full', '--table=orders', 'shop'];
    lab
      .host('db-1')
      .run(
        ...['systemd-run', '-q', '--collect', `--unit=${UNIT}`, '--property=TimeoutStopSec=3'],
        ...['runuser', '-u', 'postgres', '--', ...vacuum],
      );
  },
  heal: (lab) => {
    lab.host('db-1').sh(`systemctl stop ${UNIT} 2>/dev/null || :
      systemctl reset-failed ${UNIT} 2>/dev/null || :`);
    const end = "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'vacuumdb'";
    sql(lab, end);
    sql(lab, 'drop index if exists orders_region; drop function if exists region_of(int)', 'shop');
    lab.web.forEach((host) => startAnew(host, 'shop'));
  },
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: ['confirmed', 'likely'],
    root: 'sessions-blocked-by-lock',
    hop: 'balancer',
    notSaid: [
      'connections-exhausted',
      'idle-in-transaction',
      'dependency',
      'overload',
      'deployment',
      'not-started',
      'routing',
      'deliberate',
    ],
  },
});

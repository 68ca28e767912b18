import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { endSessions, sql } from '../faults/sql.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'Each page notes an order; the database was told to wait for a standby with each commit (synchronous_standby_names), and the standby is gone.',
  because:
    'Every session of the app is active and waits at its commit, for SyncRep: for no lock, and for no client. Reading answers at once, slots are left, and the workers wait without CPU for the database.',
  service: 'shop',
  users: [0, 503, 504],
  settleSeconds: 8,
  inject: (lab) => {
    lab.web.forEach((host) =>
      wakeBug(
        host,
        'shop',
        'app.py',
        's/select count(\\*) from orders/with placed as (insert into orders values (0, now()) returning id) select count(*) from placed/',
      ),
    );
    sql(lab, "alter system set synchronous_standby_names = 'standby_1'");
    sql(lab, 'select pg_reload_conf()');
  },
  heal: (lab) => {
    sql(lab, 'alter system reset synchronous_standby_names');
    sql(lab, 'select pg_reload_conf()');
    lab.web.forEach((host) => {
      bugSleeps(host, 'shop', 'app.py');
      startAnew(host, 'shop');
    });
    endSessions(lab, 'shop');
    sql(lab, 'delete from orders where id = 0', 'shop');
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: ['balancer', 'proxy'],
    notSaid: [
      'connections-exhausted',
      'sessions-blocked-by-lock',
      'idle-in-transaction',
      'deployment',
      'not-started',
      'routing',
      'deliberate',
    ],
  },
});

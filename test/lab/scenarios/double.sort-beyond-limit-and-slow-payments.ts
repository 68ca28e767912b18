import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { setPayments } from '../faults/payments.js';
import { endSessions, sql } from '../faults/sql.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

/** What each page has counted for long: it sorts what it counts. */
const COUNT =
  's/select count(\\*) from orders/select count(distinct (id::text || placed::text)) from orders/';

export default defineScenario({
  fault:
    'Against runaway reports the role of the shop may write one megabyte of temporary files (temp_file_limit); tonight an import brought 300 000 orders, and the page sorts all of them. Besides, the payment service takes more than a second for each answer.',
  because:
    'The database lets the app in, and refuses the one statement of each page: "temporary file size exceeds temp_file_limit". Nobody waits for a lock, slots and disk have room. The page ends before it asks for payments, so that their slowness is true and no reason.',
  service: 'shop',
  users: [503],
  settleSeconds: 6,
  inject: (lab) => {
    setPayments(lab, 'slow 1.2');
    sql(lab, 'insert into orders select id, now() from generate_series(1001, 301000) id', 'shop');
    sql(lab, "alter role shop set temp_file_limit = '1MB'");
    lab.web.forEach((host) => wakeBug(host, 'shop', 'app.py', COUNT));
    // A job of the night ends all sessions; the app opens others, under the new setting.
    endSessions(lab, 'shop');
  },
  heal: (lab) => {
    setPayments(lab, 'ok');
    sql(lab, 'alter role shop reset temp_file_limit');
    lab.web.forEach((host) => {
      bugSleeps(host, 'shop', 'app.py');
      startAnew(host, 'shop');
    });
    sql(lab, 'delete from orders where id > 1000', 'shop');
    sql(lab, 'vacuum full orders', 'shop');
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['app-refused-by-dependency', 'app-blames-dependency', 'dependency-failing'],
    hop: ['balancer', 'app'],
    notSaid: [
      'dependency-slow',
      'database-connections',
      'overload',
      'deployment',
      'not-started',
      'routing',
      'deliberate',
    ],
  },
});

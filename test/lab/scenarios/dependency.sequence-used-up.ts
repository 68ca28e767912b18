import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { sql } from '../faults/sql.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

const LAST = '2147483647';

export default defineScenario({
  fault:
    'Each page notes an order, and the numbers of orders have come to the end of what an integer can be.',
  because:
    'The app quotes the database for every page: nextval, "reached maximum value of sequence". The database runs, has room and reads at once; no release and no person changed anything, the table has to be given a wider number.',
  service: 'shop',
  users: [503],
  settleSeconds: 4,
  inject: (lab) => {
    sql(
      lab,
      `create sequence order_numbers as integer;
       alter sequence order_numbers owner to shop;
       select setval('order_numbers', ${LAST});
       alter table orders alter id set default nextval('order_numbers')`,
      'shop',
    );
    lab.web.forEach((host) =>
      wakeBug(
        host,
        'shop',
        'app.py',
        's/select count(\\*) from orders/with placed as (insert into orders (placed) values (now()) returning id) select count(*) from placed/',
      ),
    );
  },
  heal: (lab) => {
    lab.web.forEach((host) => {
      bugSleeps(host, 'shop', 'app.py');
      startAnew(host, 'shop');
    });
    sql(lab, 'alter table orders alter id drop default; drop sequence if exists order_numbers', 'shop');
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: 'balancer',
    notSaid: ['database-connections', 'overload', 'deployment', 'not-started', 'routing', 'deliberate'],
  },
});

import { setTimeout as sleep } from 'node:timers/promises';
import { deploy, link, removeReleases } from '../faults/new-release.js';
import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { sql } from '../faults/sql.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'Each page notes an order. The migration of release r42 gave the table a column that must be filled; r42 is on web-1 and web-2, the rollout stopped there, and r41 on web-3 does not fill it.',
  because:
    'A third of the pages get 503 of the app, all from web-3: null value in column "channel" violates the not-null constraint. The database does what its new schema says, r42 is well with it on two hosts, and the health page, which notes no order, passes everywhere: two releases stand on a schema that is for one of them.',
  service: 'shop',
  users: [200, 503],
  settleSeconds: 13,
  inject: async (lab) => {
    for (const host of lab.web)
      wakeBug(
        host,
        'shop',
        'app.py',
        's/^        if payments:$/&\\n            ask_database("insert into orders (id, placed) values (0, now()) returning id")/',
      );
    await sleep(5000);
    sql(
      lab,
      "alter table orders add column channel text not null default 'web'; alter table orders alter channel drop default",
      'shop',
    );
    for (const host of [lab.host('web-1'), lab.host('web-2')])
      deploy(host, {
        service: 'shop',
        release: 'r42',
        edit: "s/(id, placed) values (0, now())/(id, placed, channel) values (0, now(), 'web')/",
      });
  },
  heal: (lab) => {
    for (const host of lab.web) {
      link(host, 'shop', 'r41');
      bugSleeps(host, 'shop', 'app.py');
      removeReleases(host, 'shop');
      startAnew(host, 'shop');
    }
    sql(lab, 'alter table orders drop column if exists channel; delete from orders where id = 0', 'shop');
  },
  expect: {
    // A rollout that is half done, or a database that refuses what the old release writes: both are said of it.
    status: 'cause-found',
    confidence: ['confirmed', 'likely', 'possible'],
    root: [
      'release-skew',
      'rollout-in-progress',
      'release-erring',
      'app-refused-by-dependency',
      'app-blames-dependency',
      'dependency-failing',
    ],
    notSaid: [
      'database-connections',
      'overload',
      'not-started',
      'health-check',
      'routing',
      'deliberate',
      'dependency-unreachable',
    ],
  },
});

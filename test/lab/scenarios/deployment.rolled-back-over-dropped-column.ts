import { setTimeout as sleep } from 'node:timers/promises';
import { deploy, link, removeReleases } from '../faults/new-release.js';
import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { sql } from '../faults/sql.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';
import { untilUsersGet } from '../wellness.js';

const SHOP = 'http://shop.lab.test/';

export default defineScenario({
  fault:
    'Release r42 works and its migration dropped a column that it no longer needs. For a complaint about its colours it was rolled back on every host, and r41 asks for that column with each page.',
  because:
    'Every page and the health page fail with "column placed does not exist" on every host, from the moment when the link was led back to r41 and the units were restarted. The database is well and has room; it has the schema of r42, which lies beside. Nobody was served badly before the roll-back.',
  service: 'shop',
  users: [503],
  settleSeconds: 5,
  inject: async (lab) => {
    for (const host of lab.web)
      wakeBug(host, 'shop', 'app.py', 's/count([*]) from orders/count(placed) from orders/');
    for (const host of lab.web)
      deploy(host, { service: 'shop', release: 'r42', edit: 's/count(placed) from/count(*) from/' });
    await sleep(6000);
    await untilUsersGet(SHOP, [200]);
    sql(lab, 'alter table orders drop column placed', 'shop');
    await sleep(4000);
    await untilUsersGet(SHOP, [200]);
    for (const host of lab.web) {
      link(host, 'shop', 'r41');
      host.run('systemctl', 'restart', '--no-block', 'shop');
    }
  },
  heal: (lab) => {
    sql(lab, 'alter table orders add column if not exists placed timestamptz', 'shop');
    sql(lab, 'update orders set placed = now() where placed is null', 'shop');
    for (const host of lab.web) {
      link(host, 'shop', 'r41');
      bugSleeps(host, 'shop', 'app.py');
      removeReleases(host, 'shop');
      startAnew(host, 'shop');
    }
  },
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['release-erring', 'release-failing', 'rollout-in-progress', 'release-skew'],
    hop: ['app', 'balancer'],
    notSaid: ['database-connections', 'overload', 'not-started', 'routing', 'deliberate'],
  },
});

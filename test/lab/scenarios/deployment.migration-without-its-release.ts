import { removeReleases, unpack } from '../faults/new-release.js';
import { startAnew } from '../faults/start-anew.js';
import { sql } from '../faults/sql.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A deploy unpacked release r42 on every host, ran its migration, which gives the table of orders another name, and was broken off before it linked anything: the old release goes on and asks for the old name.',
  because:
    'Every page fails with "relation orders does not exist" in code that is as old as ever, from one second to the next on every host. The database is well and has the table under its new name, which the release that lies beside asks for.',
  service: 'shop',
  users: [503],
  settleSeconds: 5,
  inject: (lab) => {
    for (const host of lab.web)
      unpack(host, { service: 'shop', release: 'r42', edit: 's/from orders/from purchases/' });
    sql(lab, 'alter table orders rename to purchases', 'shop');
  },
  heal: (lab) => {
    sql(lab, 'alter table if exists purchases rename to orders', 'shop');
    for (const host of lab.web) {
      removeReleases(host, 'shop');
      startAnew(host, 'shop');
    }
  },
  expect: {
    // A deploy that is half done, or a database that no longer has what the app asks for: both are said of it.
    status: 'cause-found',
    confidence: ['confirmed', 'likely', 'possible'],
    root: [
      'rollout-in-progress',
      'release-skew',
      'release-erring',
      'app-refused-by-dependency',
      'app-blames-dependency',
      'dependency-failing',
    ],
    hop: ['app', 'balancer'],
    notSaid: ['database-connections', 'overload', 'not-started', 'routing', 'deliberate'],
  },
});

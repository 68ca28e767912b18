import { setTimeout as sleep } from 'node:timers/promises';
import { endRefusedMonitor, lockExports, startRefusedMonitor, unlockExports } from '../faults/bystanders.js';
import { endHolder, holdSessions } from '../faults/hold-sessions.js';
import { deploy, removeReleases } from '../faults/new-release.js';
import { endSessions } from '../faults/sql.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';
import { untilWell } from '../wellness.js';

const FILE = '/etc/pgbouncer/pgbouncer.ini';
const KEPT = '/root/pgbouncer.kept';

export default defineScenario({
  fault:
    'PgBouncer gives each login four server connections over all databases together (max_user_connections), and a report with the login of the desk runs long statements on all four, in the database of the shop. Beside it stand a release of the desk that came out just before and works, a queue of jobs for a lock on a table that no page needs, and a monitoring that Redis refuses.',
  because:
    "The desk's clients wait at PgBouncer while their pool has no server connection, far from its size of six: the login has its four, all busy in another database. PostgreSQL has slots left, and whoever waits for a lock there is a job of the shop; release d8 answered well until the report began.",
  service: 'desk',
  users: [503],
  settleSeconds: 6,
  inject: async (lab) => {
    lab.web.forEach((host) =>
      deploy(host, { service: 'desk', release: 'd8', begins: '# Kinder words for customers who wait.' }),
    );
    startRefusedMonitor(lab);
    lockExports(lab, 'shop');
    lab.host('pool-1').sh(`cp -p ${FILE} ${KEPT}
      sed -i 's/^default_pool_size.*/&\\nmax_user_connections = 4/' ${FILE}; systemctl restart pgbouncer`);
    await sleep(6000);
    await untilWell(lab);
    holdSessions(lab, {
      on: 'pay-1',
      url: 'postgresql://desk:desk-secret@pool.lab.test:6432/shop',
      application: 'year-report',
      sessions: 6,
      statements: ['select pg_sleep(200)'],
    });
  },
  heal: (lab) => {
    endHolder(lab, 'pay-1');
    endRefusedMonitor(lab);
    lab.host('pool-1').sh(`[ ! -e ${KEPT} ] || mv -f ${KEPT} ${FILE}; systemctl restart pgbouncer`);
    endSessions(lab, 'desk');
    unlockExports(lab, 'shop');
    lab.web.forEach((host) => {
      removeReleases(host, 'desk');
      startAnew(host, 'desk');
    });
  },
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['pooler-queue-waiting', 'app-pool-exhausted', 'app-refused-connection'],
    hop: 'balancer',
    notSaid: [
      'sessions-blocked-by-lock',
      'idle-in-transaction',
      'connections-exhausted',
      'overload',
      'dependency',
      'deployment',
      'not-started',
      'routing',
      'deliberate',
    ],
  },
});

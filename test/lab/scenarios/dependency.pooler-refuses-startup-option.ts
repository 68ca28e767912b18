import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

const FILE = '/etc/desk/env';
const KEPT = '/root/desk-env.kept';

export default defineScenario({
  fault:
    'Against long statements the address of the database in the settings of the desk got options=-c statement_timeout=5000, which PostgreSQL takes and PgBouncer does not; the desk was restarted on every host.',
  because:
    'Each login of the desk ends with "FATAL: unsupported startup parameter: options", which only the pooler says. Password and database are right, no pool of it is in use, nobody waits, and whoever comes without that option is served.',
  service: 'desk',
  users: [503],
  settleSeconds: 5,
  inject: ({ web }) =>
    web.forEach((host) => {
      host.sh(`[ -e ${KEPT} ] || cp -p ${FILE} ${KEPT}
        sed -i 's,^DATABASE_URL=.*,&?options=-c%20statement_timeout%3D5000,' ${FILE}`);
      startAnew(host, 'desk');
    }),
  heal: ({ web }) =>
    web.forEach((host) => {
      host.sh(`[ ! -e ${KEPT} ] || mv -f ${KEPT} ${FILE}; touch -d '9 days ago' /etc/desk`);
      startAnew(host, 'desk');
    }),
  expect: {
    // The pooler refuses what it is asked for; that the database is reached by nobody is another word for it.
    status: 'cause-found',
    confidence: ['confirmed', 'likely', 'possible'],
    root: [
      'app-refused-by-dependency',
      'app-blames-dependency',
      'dependency-failing',
      'app-refused-connection',
    ],
    hop: ['balancer', 'app'],
    notSaid: [
      'connections-exhausted',
      'pooler-queue-waiting',
      'app-pool-exhausted',
      'dependency-unreachable',
      'dependency-slow',
      'overload',
      'deployment',
      'not-started',
      'routing',
      'deliberate',
    ],
  },
});

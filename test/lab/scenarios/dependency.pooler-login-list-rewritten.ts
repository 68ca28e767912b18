import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

const FILE = '/etc/pgbouncer/userlist.txt';
const KEPT = '/root/userlist.kept';

export default defineScenario({
  fault:
    'A script writes the list of logins of PgBouncer from an inventory, in which the desk was filed under its new name; the pooler was restarted with a list that has no desk.',
  because:
    'PgBouncer refuses each login of the desk itself, before it would ask the database: its log has "no such user" or a failed authentication for desk. Pooler and database run, other logins get through, nobody waits for a connection, and the password of the role is as ever.',
  service: 'desk',
  users: [503],
  settleSeconds: 5,
  inject: ({ host }) =>
    void host('pool-1').sh(`cp -p ${FILE} ${KEPT}
      sed -i 's/^"desk" /"servicedesk" /' ${FILE}; systemctl restart pgbouncer`),
  heal: (lab) => {
    lab.host('pool-1').sh(`[ ! -e ${KEPT} ] || mv -f ${KEPT} ${FILE}; systemctl restart pgbouncer`);
    lab.web.forEach((host) => startAnew(host, 'desk'));
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['app-refused-by-dependency', 'app-blames-dependency', 'dependency-failing'],
    hop: 'balancer',
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

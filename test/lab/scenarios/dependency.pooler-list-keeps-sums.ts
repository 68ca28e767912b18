import { createHash } from 'node:crypto';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

const FILE = '/etc/pgbouncer/userlist.txt';
const KEPT = '/root/userlist.kept';

const LOGINS = [
  ['desk', 'desk-secret'],
  ['shop', 'shop-secret'],
  ['diag503', 'looking'],
] as const;

/** As PostgreSQL itself kept passwords before it took SCRAM. */
const LIST = LOGINS.map(([login, password]) => {
  const sum = createHash('md5').update(`${password}${login}`).digest('hex');
  return `"${login}" "md5${sum}"`;
}).join('\n');

export default defineScenario({
  fault:
    'An audit wanted no passwords in plain text on any host, so the list of logins of PgBouncer has their MD5 sums now, and the pooler was restarted. The database keeps its passwords as SCRAM, for which a sum is not enough.',
  because:
    'Clients are let in by the pooler, which then cannot log in to the server: "cannot do SCRAM authentication: wrong password type" in its log, "server login failed: wrong password type" for each page of the desk. Nobody changed a password, the database runs and serves the shop, which goes past the pooler, and slots are left.',
  service: 'desk',
  users: [503],
  settleSeconds: 5,
  inject: ({ host }) =>
    void host('pool-1').run(
      'sh',
      '-euc',
      `[ -e ${KEPT} ] || cp -p ${FILE} ${KEPT}; printf '%s\\n' "$1" >${FILE}; systemctl restart pgbouncer`,
      'sh',
      LIST,
    ),
  heal: (lab) => {
    lab.host('pool-1').sh(`[ ! -e ${KEPT} ] || mv -f ${KEPT} ${FILE}
      systemctl reset-failed pgbouncer 2>/dev/null || :
      systemctl restart pgbouncer`);
    lab.web.forEach((host) => startAnew(host, 'desk'));
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['app-refused-by-dependency', 'app-blames-dependency', 'dependency-failing'],
    hop: ['balancer', 'app'],
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

import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { endSessions, sql } from '../faults/sql.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

const FILE = '/etc/pgbouncer/userlist.txt';
const KEPT = '/root/userlist.kept';
const IMPORT = 'postgresql://importer:importer-secret@pool.lab.test:6432/desk';

/** Whoever reads the tickets waits until no import is at work, for the length of his transaction. */
const WAITS_FOR_IMPORT =
  's/^        count = connection.execute(text("select count/        connection.execute(text("select pg_advisory_xact_lock(7100)"))\\n&/';

export default defineScenario({
  fault:
    'The import of tickets took an advisory lock through PgBouncer, which is in transaction mode, and went; the lock belongs to a connection that the pooler keeps for the next one of that login, and every page of the desk waits for it.',
  because:
    'The sessions of the desk wait for an advisory lock, and who has it is an idle session of the importer, in no transaction, whose address is that of the pooler: no client of it is there any more. All server connections of the desk at the pooler are at such a statement, so that the others queue there and the pool of the app runs out of time; the database itself has slots left.',
  service: 'desk',
  users: [0, 503],
  settleSeconds: 12,
  inject: (lab) => {
    sql(lab, "create role importer login password 'importer-secret'");
    lab.host('pool-1').sh(`[ -e ${KEPT} ] || cp -p ${FILE} ${KEPT}
      echo '"importer" "importer-secret"' >>${FILE}; systemctl reload pgbouncer`);
    lab.host('pay-1').sh(`export PGAPPNAME=ticket-import
      for i in $(seq 20); do
        psql -qAtX '${IMPORT}' -c 'select pg_advisory_lock(7100)' 2>/dev/null && exit 0; sleep 0.3; done; exit 1`);
    const held = "select count(*) from pg_locks where locktype = 'advisory' and granted";
    if (Number(sql(lab, held)) === 0) throw new Error('The pooler has not kept the lock.');
    lab.web.forEach((host) => wakeBug(host, 'desk', 'main.py', WAITS_FOR_IMPORT));
  },
  heal: (lab) => {
    endSessions(lab, 'importer');
    lab.web.forEach((host) => {
      bugSleeps(host, 'desk', 'main.py');
      startAnew(host, 'desk');
    });
    lab.host('pool-1').sh(`[ ! -e ${KEPT} ] || mv -f ${KEPT} ${FILE}; systemctl reload pgbouncer`);
    sql(lab, 'drop role if exists importer');
  },
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: ['confirmed', 'likely', 'possible'],
    root: 'sessions-blocked-by-lock',
    hop: 'balancer',
    notSaid: [
      'connections-exhausted',
      'idle-in-transaction',
      'dependency',
      'deployment',
      'not-started',
      'routing',
      'deliberate',
    ],
  },
});

import { endProgram, startProgram } from '../faults/background-program.js';
import { defineScenario } from '../scenario.js';

const REPORT = 'monthly-report';
const SCRIPT = 'end-long-statements';

/** One statement that takes half a minute, asked again whenever it was lost. */
const ASK = `
import psycopg2, sys, time
while True:
    try:
        connection = psycopg2.connect("postgresql://desk:desk-secret@db.lab.test/desk", connect_timeout=3, application_name="monthly-report")
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("select count(pg_sleep(0.06)) from tickets")
            print("report: %s tickets" % cursor.fetchone()[0], flush=True)
    except psycopg2.Error as error:
        print("report: %s" % str(error).strip(), file=sys.stderr, flush=True)
    time.sleep(0.3)
`;

const LONG_STATEMENTS =
  "select pid from pg_stat_activity where backend_type = 'client backend' and state = 'active' and now() - query_start > interval '2 s'";

const KILL = `while :; do
  for pid in $(runuser -u postgres -- psql -qAtX -d postgres -c "${LONG_STATEMENTS}"); do kill -9 "$pid"; done
  sleep 1
done`;

export default defineScenario({
  fault:
    'A script on the database server ends statements that run for more than two seconds by kill -9, which makes PostgreSQL end every session and recover; the monthly report, whose statement takes half a minute, starts it anew each time.',
  because:
    'Every worker loses its session every few seconds, on all hosts at once: "SSL SYSCALL error: EOF detected" or "server closed the connection unexpectedly" for the database, and now and then "in recovery mode"; between two crashes the server lets everybody in, and members go up and down. Slots are left, no session waits for a lock, and no host of the app has changed.',
  service: 'shop',
  users: [200, 503],
  settleSeconds: 18,
  inject: ({ host }) => {
    startProgram(host('pay-1'), REPORT, ASK);
    host('db-1').run('systemd-run', '-q', '--collect', `--unit=${SCRIPT}`, 'sh', '-c', KILL);
  },
  heal: ({ host }) => {
    endProgram(host('db-1'), SCRIPT);
    endProgram(host('pay-1'), REPORT);
    host('db-1').sh(`systemctl start postgresql@15-main
      for i in $(seq 100); do
        runuser -u postgres -- psql -qtXc 'select 1' >/dev/null 2>&1 && exit 0; sleep 0.2; done; exit 1`);
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: [
      'app-blames-dependency',
      'app-refused-by-dependency',
      'dependency-failing',
      'dependency-unreachable',
    ],
    notSaid: [
      'connections-exhausted',
      'idle-in-transaction',
      'sessions-blocked-by-lock',
      'cpu-saturated',
      'memory-exhausted',
      'deployment',
      'not-started',
      'routing',
      'deliberate',
    ],
  },
});

import { restart } from '../faults/restart.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

const UNIT = 'lab-planner';

/** Takes a lock for each number and gives none back; whatever becomes free for a moment is taken, too. */
const PROGRAM = `
import psycopg2, sys, time
connection = psycopg2.connect(sys.argv[1], application_name="planner")
connection.autocommit = True
first = 0
while True:
    try:
        with connection.cursor() as cursor:
            cursor.execute("select count(pg_advisory_lock(n)) from generate_series(%s, %s) n", (first, first + 20000))
    except psycopg2.OperationalError:
        pass
    first += 20000
    time.sleep(0.1)
`;

export default defineScenario({
  fault:
    'A planner in another database of the same server takes an advisory lock for each of its tasks and gives none back, until the table of locks of the server is full; the app was restarted then.',
  because:
    'Each new login is told "out of shared memory", with a hint at max_locks_per_transaction, from wherever it comes; sessions that were there go on. No host is short of memory, slots are left, and the restart of the app only made it ask for new sessions: the database has to be freed of who holds the locks.',
  service: 'shop',
  users: [503],
  settleSeconds: 4,
  inject: ({ host, web }) => {
    host('pay-1').run(
      ...['systemd-run', '-q', '--collect', `--unit=${UNIT}`, 'python3', '-c', PROGRAM],
      'postgresql://desk:desk-secret@db.lab.test/desk',
    );
    host('db-1').sh(`export PGPASSWORD=shop-secret
      for i in $(seq 50); do
        psql -qtc 'select 1' -h 127.0.0.1 -U shop shop >/dev/null 2>&1 || exit 0; sleep 0.2; done; exit 1`);
    restart(web, 'shop');
  },
  heal: ({ host, web }) => {
    host('pay-1').sh(`systemctl stop ${UNIT} 2>/dev/null || :`);
    web.forEach((each) => startAnew(each, 'shop'));
  },
  expect: {
    status: 'cause-found',
    confidence: ['confirmed', 'likely', 'possible'],
    root: [
      'app-refused-connection',
      'app-refused-by-dependency',
      'app-blames-dependency',
      'dependency-failing',
      'dependency-unreachable',
    ],
    hop: 'balancer',
    notSaid: [
      'connections-exhausted',
      'memory-exhausted',
      'overload',
      'deployment',
      'not-started',
      'routing',
      'deliberate',
    ],
  },
});

import { endProgram, startProgram } from '../faults/background-program.js';
import { sql } from '../faults/sql.js';
import { defineScenario } from '../scenario.js';

const JOB = 'statistics';

/** Six figures at once, a pause, six figures at once: each takes one connection of the pool for as long as it is reckoned. */
const PROGRAM = `
import psycopg2, sys, threading, time
URL = "postgresql://desk:desk-secret@pool.lab.test:6432/desk"
def reckon():
    try:
        connection = psycopg2.connect(URL, connect_timeout=5, application_name="statistics")
        with connection.cursor() as cursor:
            cursor.execute("select count(*), pg_sleep(12) from tickets")
        connection.commit()
        connection.close()
    except psycopg2.Error as error:
        print("statistics: %s" % str(error).strip(), file=sys.stderr, flush=True)
while True:
    figures = [threading.Thread(target=reckon) for _ in range(6)]
    for figure in figures:
        figure.start()
    for figure in figures:
        figure.join()
    time.sleep(5)
`;

const END =
  "select count(pg_terminate_backend(pid)) from pg_stat_activity where usename = 'desk' and state = 'active' and query like '%pg_sleep(12)%'";

export default defineScenario({
  fault:
    'A job for statistics goes by the login of the desk through PgBouncer: every quarter of a minute it reckons six figures at once, for twelve seconds, and the pool has six connections.',
  because:
    'For twelve seconds all six connections of the pool run a long statement of the job, and pages and health page of the desk wait in the queue of PgBouncer until they give up, so that the balancer takes every member out; then all is well for a moment. The database has two dozen slots left and nobody waits for a lock; the app is as it was.',
  service: 'desk',
  users: [0, 200, 503],
  settleSeconds: 20,
  inject: ({ host }) => startProgram(host('pay-1'), JOB, PROGRAM),
  heal: (lab) => {
    endProgram(lab.host('pay-1'), JOB);
    sql(lab, END);
  },
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['pooler-queue-waiting', 'app-pool-exhausted', 'app-refused-connection'],
    notSaid: [
      'connections-exhausted',
      'sessions-blocked-by-lock',
      'dependency-unreachable',
      'deployment',
      'not-started',
      'routing',
      'deliberate',
    ],
  },
});

import { tellPooler } from '../faults/pooler-console.js';
import { defineScenario } from '../scenario.js';

/** As many at once as the pool has connections of the server: each transaction has one of its own, and marks it. */
const DUMP = `export PGPASSWORD=desk-secret
  for i in 1 2 3 4 5 6; do
    psql -qAtX -h 127.0.0.1 -p 6432 -U desk desk \
      -c "begin; select set_config('search_path', '', false); select pg_sleep(3); commit" >/dev/null &
  done; wait`;

export default defineScenario({
  fault:
    'A dump was taken through PgBouncer and emptied the search path of its sessions, as dumps do; the pooler keeps these connections of the server and gives them to the desk.',
  because:
    'The app quotes the database for every page: relation "tickets" does not exist. The table is there for whoever asks the database itself, no release came out, and no connection is waited for: what is wrong are the sessions that the pooler lends.',
  service: 'desk',
  users: [503],
  settleSeconds: 5,
  inject: (lab) => void lab.host('pool-1').sh(DUMP),
  heal: (lab) => tellPooler(lab, 'RECONNECT'),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: 'balancer',
    notSaid: ['database-connections', 'overload', 'deployment', 'not-started', 'routing'],
  },
  wrongBecause:
    'That the app misses a table is told, as possible only: a release that went out without its migration looks the same when its start came long after it.',
});

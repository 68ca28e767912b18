import { endSessions, sql } from '../faults/sql.js';
import { startAnew } from '../faults/start-anew.js';
import type { Lab } from '../lab.js';
import { defineScenario } from '../scenario.js';
import { untilUsersGet } from '../wellness.js';

const restartDatabase = ({ host }: Lab): void => {
  host('db-1').run('systemctl', 'restart', 'postgresql@15-main');
};

/** Statement by statement: what is prepared must not stand in one with what begins it. */
const asPostgres = ({ host }: Lab, ...statements: readonly string[]): void => {
  const script = `printf '%s\\n' "$@" | runuser -u postgres -- psql -qX -d shop`;
  host('db-1').run('sh', '-euc', script, 'sh', ...statements);
};

export default defineScenario({
  fault:
    'The coordinator of a distributed transaction died after its first phase: a prepared transaction holds the table that every page reads, and belongs to no session any more.',
  because:
    'All sessions of the app wait for a lock, and who holds it is no session: the blocker has the number 0, and pg_prepared_xacts has one old row. Slots are left, and no statement is slow.',
  service: 'shop',
  users: [503, 504],
  settleSeconds: 6,
  inject: async (lab) => {
    sql(lab, 'alter system set max_prepared_transactions = 5');
    restartDatabase(lab);
    // What the restart did to users is over before the fault begins.
    await untilUsersGet('http://shop.lab.test/', [200]);
    asPostgres(
      lab,
      'begin;',
      'lock table orders in access exclusive mode;',
      "prepare transaction 'ledger-4711';",
    );
  },
  heal: (lab) => {
    asPostgres(lab, "rollback prepared 'ledger-4711';");
    sql(lab, 'alter system reset max_prepared_transactions');
    restartDatabase(lab);
    endSessions(lab, 'shop');
    lab.web.forEach((host) => startAnew(host, 'shop'));
  },
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['sessions-blocked-by-lock', 'idle-in-transaction'],
    hop: ['balancer', 'proxy'],
    notSaid: ['deployment', 'not-started', 'connections-exhausted', 'routing', 'deliberate'],
  },
});

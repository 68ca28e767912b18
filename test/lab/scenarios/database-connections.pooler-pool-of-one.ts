import { endHolder, holdSessions } from '../faults/hold-sessions.js';
import { endSessions } from '../faults/sql.js';
import { startAnew } from '../faults/start-anew.js';
import type { Lab } from '../lab.js';
import { defineScenario } from '../scenario.js';

const changePooler = (lab: Lab, edit: string): void => {
  lab
    .host('pool-1')
    .run('sh', '-euc', 'sed -i "$1" /etc/pgbouncer/pgbouncer.ini; systemctl restart pgbouncer', 'sh', edit);
};

export default defineScenario({
  fault:
    'A template of the configuration management gave the desk a pool of one connection at PgBouncer (pool_size=1), and the invoices of the month run one long statement through it.',
  because:
    'The one server connection of the pool is active for the invoices, for as long as their statement takes; every client of the desk waits at the pooler, and PostgreSQL has two dozen slots free.',
  service: 'desk',
  users: [503],
  settleSeconds: 6,
  inject: (lab) => {
    changePooler(lab, 's/^desk = .*/& pool_size=1/');
    holdSessions(lab, {
      on: 'cache-1',
      url: 'postgresql://desk:desk-secret@pool.lab.test:6432/desk',
      application: 'invoices',
      sessions: 2,
      statements: ['select count(*), pg_sleep(200) from tickets where id = 1'],
    });
  },
  heal: (lab) => {
    endHolder(lab, 'cache-1');
    changePooler(lab, 's/ pool_size=1$//');
    // A statement goes on after its client has gone.
    endSessions(lab, 'desk');
    lab.web.forEach((host) => startAnew(host, 'desk'));
  },
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['pooler-queue-waiting', 'app-pool-exhausted', 'app-refused-connection'],
    hop: 'balancer',
    notSaid: [
      'connections-exhausted',
      'idle-in-transaction',
      'dependency-unreachable',
      'deployment',
      'not-started',
      'routing',
      'deliberate',
    ],
  },
});

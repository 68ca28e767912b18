import { endHolder, holdSessions } from '../faults/hold-sessions.js';
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
    'PgBouncer may open four connections to the database of the desk for all logins together (max_db_connections), and a tool with a login of its own keeps all four in transactions.',
  because:
    'The pool of the desk has no server connection and clients that wait, though its own size is six; the four that the database may have belong to the pool of another login, idle in a transaction. PostgreSQL has room.',
  service: 'desk',
  users: [503],
  settleSeconds: 6,
  inject: (lab) => {
    changePooler(lab, 's/^desk = .*/& max_db_connections=4/');
    holdSessions(lab, {
      on: 'pay-1',
      url: 'postgresql://shop:shop-secret@pool.lab.test:6432/desk',
      application: 'invoices',
      sessions: 6,
      inTransaction: true,
    });
  },
  heal: (lab) => {
    endHolder(lab, 'pay-1');
    changePooler(lab, 's/ max_db_connections=4$//');
    lab.web.forEach((host) => startAnew(host, 'desk'));
  },
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['pooler-queue-waiting', 'idle-in-transaction', 'app-refused-connection', 'app-pool-exhausted'],
    hop: 'balancer',
    notSaid: [
      'connections-exhausted',
      'overload',
      'dependency',
      'deployment',
      'not-started',
      'routing',
      'deliberate',
    ],
  },
});

import { endSessions, sql } from '../faults/sql.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'Somebody closed the database of the shop to connections for an upgrade (ALLOW_CONNECTIONS false).',
  because:
    'Every login is told that the database is not currently accepting connections; the server has room and serves others.',
  service: 'shop',
  users: [503],
  settleSeconds: 4,
  inject: (lab) => {
    sql(lab, 'alter database shop with allow_connections false');
    endSessions(lab, 'shop');
  },
  heal: (lab) => void sql(lab, 'alter database shop with allow_connections true'),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely'],
    hop: 'balancer',
    notSaid: ['database-connections', 'overload', 'deployment', 'not-started'],
  },
});

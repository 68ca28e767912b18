import { defineScenario } from '../scenario.js';
import { endHolder, holdSessions } from '../faults/hold-sessions.js';
import { endSessions } from '../faults/sql.js';

export default defineScenario({
  fault: 'A tool of somebody else uses the login of the desk at PgBouncer and forgets its transactions.',
  because:
    'All server connections of the pool sit idle in a transaction of the tool; the app waits at the pooler.',
  service: 'desk',
  users: [503],
  settleSeconds: 4,
  inject: (lab) => {
    holdSessions(lab, {
      on: 'pay-1',
      url: 'postgresql://desk:desk-secret@pool.lab.test:6432/desk',
      application: 'export',
      sessions: 8,
      inTransaction: true,
    });
  },
  heal: (lab) => {
    endHolder(lab, 'pay-1');
    endSessions(lab, 'desk');
  },
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: ['confirmed', 'likely'],
    root: ['pooler-queue-waiting', 'idle-in-transaction'],
    notSaid: ['overload', 'connections-exhausted', 'dependency'],
  },
});

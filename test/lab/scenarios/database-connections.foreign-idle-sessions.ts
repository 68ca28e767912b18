import { defineScenario } from '../scenario.js';
import { endHolder, holdSessions } from '../faults/hold-sessions.js';
import { endSessions, sql } from '../faults/sql.js';
import { untilAllAreDown } from '../wellness.js';

export default defineScenario({
  fault:
    'A reporting tool on another host opens sessions until the database has no slot left, and leaves them idle.',
  because:
    'The server refuses every ordinary login, the app says so with each request; nothing else is wrong.',
  service: 'shop',
  users: [503],
  inject: async (lab) => {
    sql(lab, "create role reports login password 'reports-secret'");
    holdSessions(lab, {
      on: 'pay-1',
      url: 'postgresql://reports:reports-secret@db.lab.test/shop',
      application: 'reports',
      sessions: 32,
    });
    endSessions(lab, 'shop');
    await untilAllAreDown(lab, 'shop');
  },
  heal: (lab) => {
    endHolder(lab, 'pay-1');
    endSessions(lab, 'reports');
    sql(lab, 'drop role if exists reports');
  },
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: 'confirmed',
    root: 'connections-exhausted',
    hop: 'balancer',
    notSaid: ['overload'],
  },
});

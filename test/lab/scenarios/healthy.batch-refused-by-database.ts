import { endHolder, holdSessions } from '../faults/hold-sessions.js';
import { endSessions, sql } from '../faults/sql.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A batch job may have one session of the database of the shop and wants four: three are refused, several times a second.',
  because:
    'The log of the database is full of "too many connections for role", all of them for the login of the job. The shop has its own, there is room, and users get 200.',
  service: 'shop',
  users: [200],
  settleSeconds: 6,
  inject: (lab) => {
    sql(lab, "create role batch login password 'batch-secret' connection limit 1");
    holdSessions(lab, {
      on: 'pay-1',
      url: 'postgresql://batch:batch-secret@db.lab.test/shop',
      application: 'batch',
      sessions: 4,
    });
  },
  heal: (lab) => {
    endHolder(lab, 'pay-1');
    endSessions(lab, 'batch');
    sql(lab, 'drop role if exists batch');
  },
  expect: { status: 'healthy', cause: null },
});

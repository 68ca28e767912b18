import { defineScenario } from '../scenario.js';
import { endHolder, holdSessions } from '../faults/hold-sessions.js';
import { endSessions, sql } from '../faults/sql.js';

export default defineScenario({
  fault: 'The database of the shop may have three connections, and another program has all of them.',
  because: 'The server has room; the refusal of the app and of whoever looks names the database.',
  service: 'shop',
  users: [503],
  inject: (lab) => {
    sql(lab, "create role reports login password 'reports-secret'");
    sql(lab, 'alter database shop connection limit 3');
    holdSessions(lab, {
      on: 'pay-1',
      url: 'postgresql://reports:reports-secret@db.lab.test/shop',
      application: 'reports',
      sessions: 10,
    });
    endSessions(lab, 'shop');
  },
  heal: (lab) => {
    endHolder(lab, 'pay-1');
    sql(lab, 'alter database shop connection limit -1');
    endSessions(lab, 'reports');
    sql(lab, 'drop role if exists reports');
  },
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: 'confirmed',
    root: 'connections-exhausted',
    hop: 'balancer',
    notSaid: ['dependency'],
  },
});

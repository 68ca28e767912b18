import { defineScenario } from '../scenario.js';
import { endHolder, holdSessions } from '../faults/hold-sessions.js';
import { endSessions, sql } from '../faults/sql.js';

export default defineScenario({
  fault: 'A change of the schema rewrites the table that every page reads; the statement takes minutes.',
  because:
    'Every session of the app waits for the lock of an ALTER TABLE: the change of the schema is the root (R6).',
  service: 'shop',
  users: [503],
  inject: (lab) => {
    holdSessions(lab, {
      on: 'pay-1',
      url: 'postgresql://shop:shop-secret@db.lab.test/shop',
      application: 'schema-change',
      sessions: 1,
      statements: ['alter table orders add column note text default md5(pg_sleep(1)::text)'],
    });
  },
  heal: (lab) => {
    endHolder(lab, 'pay-1');
    endSessions(lab, 'shop');
    sql(lab, 'alter table orders drop column if exists note', 'shop');
  },
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    confidence: ['confirmed', 'likely'],
    root: 'sessions-blocked-by-lock',
    notSaid: ['connections-exhausted', 'dependency-slow', 'cpu-saturated'],
  },
});

import { defineScenario } from '../scenario.js';
import { endHolder, holdSessions } from '../faults/hold-sessions.js';
import { endSessions } from '../faults/sql.js';

export default defineScenario({
  fault: 'An import empties the table that every page reads, fills it, and goes idle before it commits.',
  because: 'All sessions of the app wait for the lock of one that is idle in its transaction.',
  service: 'shop',
  users: [503],
  inject: (lab) => {
    holdSessions(lab, {
      on: 'pay-1',
      url: 'postgresql://shop:shop-secret@db.lab.test/shop',
      application: 'import',
      sessions: 1,
      statements: ['truncate orders', 'insert into orders select id, now() from generate_series(1, 500) id'],
      inTransaction: true,
    });
  },
  heal: (lab) => {
    endHolder(lab, 'pay-1');
    endSessions(lab, 'shop');
  },
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: ['confirmed', 'likely'],
    root: ['sessions-blocked-by-lock', 'idle-in-transaction'],
    notSaid: ['connections-exhausted', 'dependency-slow', 'cpu-saturated', 'deployment'],
  },
});

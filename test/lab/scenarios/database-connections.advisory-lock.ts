import { endHolder, holdSessions } from '../faults/hold-sessions.js';
import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { endSessions } from '../faults/sql.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A scheduler took an advisory lock and went idle without giving it back; every page of the app wants it, too.',
  because:
    'All sessions of the app wait for a lock, and one session holds it that is idle and in no transaction. Slots are left, and no statement is slow.',
  service: 'shop',
  users: [503, 504],
  settleSeconds: 6,
  inject: (lab) => {
    holdSessions(lab, {
      on: 'pay-1',
      url: 'postgresql://shop:shop-secret@db.lab.test/shop',
      application: 'scheduler',
      sessions: 1,
      statements: ['select pg_advisory_lock(42)'],
    });
    lab.web.forEach((host) =>
      wakeBug(host, 'shop', 'app.py', 's/from orders"/from orders, pg_advisory_xact_lock_shared(42)"/'),
    );
  },
  heal: (lab) => {
    endHolder(lab, 'pay-1');
    lab.web.forEach((host) => bugSleeps(host, 'shop', 'app.py'));
    endSessions(lab, 'shop');
    lab.web.forEach((host) => startAnew(host, 'shop'));
  },
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: ['confirmed', 'likely'],
    root: ['sessions-blocked-by-lock'],
    hop: 'balancer',
    notSaid: ['not-started', 'deployment', 'connections-exhausted', 'idle-in-transaction'],
  },
});

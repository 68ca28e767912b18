import { endHolder, holdSessions } from '../faults/hold-sessions.js';
import { startAnew } from '../faults/start-anew.js';
import { endSessions, untilNoSlotIsLeft } from '../faults/sql.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A nightly export of the database of the desk runs its queries by day, in as many sessions as the server gives; the shop loses its own.',
  because:
    'All slots are taken by active sessions of one other application, in another database of the same server. The shop is told that no slot is left.',
  service: 'shop',
  users: [503],
  settleSeconds: 4,
  inject: (lab) => {
    holdSessions(lab, {
      on: 'pay-1',
      url: 'postgresql://desk:desk-secret@db.lab.test/desk',
      application: 'nightly-export',
      sessions: 40,
      statements: ['select pg_sleep(600)'],
    });
    endSessions(lab, 'shop');
    untilNoSlotIsLeft(lab);
  },
  heal: (lab) => {
    endHolder(lab, 'pay-1');
    endSessions(lab, 'desk');
    lab.web.forEach((host) => startAnew(host, 'shop'));
  },
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: ['confirmed', 'likely'],
    root: ['connections-exhausted'],
    hop: 'balancer',
    notSaid: ['dependency', 'overload', 'deployment', 'not-started', 'idle-in-transaction'],
  },
});

import { endHolder, holdSessions } from '../faults/hold-sessions.js';
import { startAnew } from '../faults/start-anew.js';
import { endSessions, untilNoSlotIsLeft } from '../faults/sql.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'Idle sessions of a tool take every slot of the database, and nobody told diag503 that there is one.',
  because: 'The app quotes the refusal on every host: no connection slot is left.',
  service: 'shop-bare',
  users: [503],
  settleSeconds: 4,
  inject: (lab) => {
    holdSessions(lab, {
      on: 'pay-1',
      url: 'postgresql://desk:desk-secret@db.lab.test/desk',
      application: 'metabase',
      sessions: 40,
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
    confidence: ['confirmed', 'likely', 'possible'],
    notSaid: ['overload', 'dependency', 'deployment', 'not-started'],
  },
});

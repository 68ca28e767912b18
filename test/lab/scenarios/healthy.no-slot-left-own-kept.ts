import { endHolder, holdSessions } from '../faults/hold-sessions.js';
import { endLoad } from '../faults/load.js';
import { endSessions, untilNoSlotIsLeft } from '../faults/sql.js';
import { warmUp } from '../faults/warm-up.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'Idle sessions of a tool take every slot of the database that the app does not have; each worker of the app keeps the session that it had.',
  because:
    'The next login is refused, that of diag503 as well, and none of the app is next: every page is 200. A worker that starts anew would get none, which is a danger and no cause.',
  service: 'shop',
  users: [200],
  settleSeconds: 6,
  inject: async (lab) => {
    await warmUp();
    holdSessions(lab, {
      on: 'pay-1',
      url: 'postgresql://desk:desk-secret@db.lab.test/desk',
      application: 'metabase',
      sessions: 40,
    });
    untilNoSlotIsLeft(lab);
  },
  heal: (lab) => {
    endLoad();
    endHolder(lab, 'pay-1');
    endSessions(lab, 'desk');
  },
  expect: { status: 'healthy', cause: null },
});

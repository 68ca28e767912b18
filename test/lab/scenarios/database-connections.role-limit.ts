import { defineScenario } from '../scenario.js';
import { endHolder, holdSessions } from '../faults/hold-sessions.js';
import { endSessions, sql } from '../faults/sql.js';

export default defineScenario({
  fault: 'The role of the shop may have two connections, and a job on another host has both.',
  because: 'The server has room; the refusal names the role of the app.',
  service: 'shop',
  users: [503],
  inject: (lab) => {
    sql(lab, 'alter role shop connection limit 2');
    holdSessions(lab, {
      on: 'pay-1',
      url: 'postgresql://shop:shop-secret@db.lab.test/shop',
      application: 'nightly',
      sessions: 10,
    });
    endSessions(lab, 'shop');
  },
  heal: (lab) => {
    endHolder(lab, 'pay-1');
    sql(lab, 'alter role shop connection limit -1');
  },
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: 'confirmed',
    // Where sessions cannot be listed in time, the app's own word is the witness.
    root: ['connections-exhausted', 'app-refused-connection'],
    hop: 'balancer',
    notSaid: ['dependency'],
  },
});

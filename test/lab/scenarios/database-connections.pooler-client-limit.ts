import { defineScenario } from '../scenario.js';
import { endHolder, holdSessions } from '../faults/hold-sessions.js';
import { restart } from '../faults/restart.js';

export default defineScenario({
  fault: 'Other programs take all 60 client connections of PgBouncer; the desk was restarted and gets none.',
  because: 'PgBouncer itself says that no more connections are allowed (max_client_conn).',
  service: 'desk',
  users: [503],
  inject: (lab) => {
    holdSessions(lab, {
      on: 'pay-1',
      url: 'postgresql://shop:shop-secret@pool.lab.test:6432/shop',
      application: 'reports',
      sessions: 70,
    });
    restart(lab.web, 'desk');
  },
  heal: (lab) => void endHolder(lab, 'pay-1'),
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: 'confirmed',
    root: 'pooler-queue-waiting',
    notSaid: ['overload', 'dependency', 'deployment'],
  },
});

import { endHolder, holdSessions } from '../faults/hold-sessions.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'Eight transactions of a report stand idle for long; there is room beside them.',
  because: 'They lock nothing that the app needs, and users get 200.',
  service: 'shop',
  users: [200],
  settleSeconds: 33,
  inject: (lab) =>
    void holdSessions(lab, {
      on: 'pay-1',
      url: 'postgresql://shop:shop-secret@db.lab.test/shop',
      application: 'report',
      sessions: 8,
      statements: ['select count(*) from orders'],
      inTransaction: true,
    }),
  heal: (lab) => void endHolder(lab, 'pay-1'),
  expect: { status: 'healthy', cause: null },
});

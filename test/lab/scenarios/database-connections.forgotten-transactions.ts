import { defineScenario } from '../scenario.js';
import { endHolder, holdSessions } from '../faults/hold-sessions.js';
import { endSessions, untilNoSlotIsLeft } from '../faults/sql.js';

export default defineScenario({
  fault:
    'A job of the shop on web-1 begins transactions and does not end them, until no slot is left for the shop.',
  because:
    'No slot is left. The login that looks is refused as the app is, so who holds them may stay unseen.',
  service: 'shop',
  users: [503],
  // Until the last member is out, some answers are the app's own.
  settleSeconds: 5,
  inject: (lab) => {
    lab.web.forEach((host) => host.run('systemctl', 'stop', 'shop'));
    holdSessions(lab, {
      on: 'web-1',
      url: 'postgresql://shop:shop-secret@db.lab.test/shop',
      application: 'shop-jobs',
      sessions: 32,
      statements: ['select count(*) from orders'],
      inTransaction: true,
    });
    untilNoSlotIsLeft(lab);
    lab.web.forEach((host) => host.run('systemctl', 'start', 'shop'));
  },
  heal: (lab) => {
    endHolder(lab, 'web-1');
    endSessions(lab, 'shop');
    lab.web.forEach((host) => host.run('systemctl', 'start', 'shop'));
  },
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: 'confirmed',
    root: ['connections-exhausted', 'idle-in-transaction'],
    hop: 'balancer',
    notSaid: ['overload', 'dependency'],
  },
});

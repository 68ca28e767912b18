import { setTimeout as sleep } from 'node:timers/promises';
import { endHolder, holdSessions } from '../faults/hold-sessions.js';
import { startAnew } from '../faults/start-anew.js';
import { endSessions, openSessions } from '../faults/sql-session.js';
import { endSessions as endSessionsOf } from '../faults/sql.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'Somebody left a transaction open that had only read; a change of the table waits behind it, and every query of the app behind the change.',
  because:
    'The lock that all wait for is not granted to anybody yet: whoever begins the chain is idle in a transaction.',
  service: 'shop',
  users: [503],
  settleSeconds: 6,
  inject: async (lab) => {
    holdSessions(lab, {
      on: 'pay-1',
      url: 'postgresql://shop:shop-secret@db.lab.test/shop',
      application: 'dbeaver',
      sessions: 1,
      statements: ['select count(*) from orders'],
      inTransaction: true,
    });
    await sleep(2000);
    openSessions(lab, 'shop', 'alter table orders alter column placed set not null;');
  },
  heal: (lab) => {
    endSessions(lab);
    endHolder(lab, 'pay-1');
    endSessionsOf(lab, 'shop');
    lab.web.forEach((host) => startAnew(host, 'shop'));
  },
  expect: {
    status: 'cause-found',
    cause: 'database-connections',
    confidence: ['confirmed', 'likely'],
    root: ['sessions-blocked-by-lock', 'idle-in-transaction'],
    hop: 'balancer',
    notSaid: ['not-started'],
  },
});

import { endHolder, holdSessions } from '../faults/hold-sessions.js';
import { changeUnit, restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'systemd shall hand a key to the app (LoadCredential=) whose file is gone from every host since a clean-up, which shows at a restart; besides, a report has left sixteen transactions open in the database.',
  because:
    'Exit status 243, "Failed at step CREDENTIALS": nothing of the app ran, so it asked the database nothing. The transactions are true, lock nothing and leave slots: innocent.',
  service: 'shop',
  users: [503],
  settleSeconds: 8,
  inject: (lab) => {
    holdSessions(lab, {
      on: 'pay-1',
      url: 'postgresql://shop:shop-secret@db.lab.test/shop',
      application: 'report',
      sessions: 16,
      statements: ['select count(*) from orders'],
      inTransaction: true,
    });
    lab.web.forEach((host) =>
      changeUnit(host, 'shop', ['[Service]', 'LoadCredential=signing-key:/etc/shop/signing.key']),
    );
  },
  heal: (lab) => {
    endHolder(lab, 'pay-1');
    lab.web.forEach((host) => restoreUnit(host, 'shop'));
  },
  expect: {
    status: 'cause-found',
    cause: 'not-started',
    confidence: ['confirmed', 'likely'],
    root: ['unit-failed', 'unit-crash-looping', 'unit-starting'],
    hop: 'balancer',
    notSaid: ['database-connections', 'dependency', 'deployment', 'overload', 'routing', 'deliberate'],
  },
});

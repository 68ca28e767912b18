import { defineScenario } from '../scenario.js';
import { endHolder, holdSessions } from '../faults/hold-sessions.js';

export default defineScenario({
  fault: 'Other programs take all 60 client connections of PgBouncer; the desk was restarted and gets none.',
  because: 'PgBouncer itself says that no more connections are allowed (max_client_conn).',
  service: 'desk',
  users: [503],
  inject: (lab) => {
    lab.web.forEach((host) => host.run('systemctl', 'stop', 'desk'));
    holdSessions(lab, {
      on: 'pay-1',
      url: 'postgresql://shop:shop-secret@pool.lab.test:6432/shop',
      application: 'reports',
      sessions: 70,
    });
    lab
      .host('pool-1')
      .sh(
        'timeout 20 sh -c "until [ \\$(ss -Htn state established sport = :6432 | wc -l) -ge 60 ]; do sleep 0.2; done"',
      );
    lab.web.forEach((host) => host.run('systemctl', 'start', 'desk'));
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

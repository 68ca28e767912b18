import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'PgBouncer is stopped.',
  because: 'Nothing listens on its port.',
  service: 'desk',
  users: [503],
  inject: (lab) => void lab.host('pool-1').run('systemctl', 'stop', 'pgbouncer'),
  heal: (lab) => void lab.host('pool-1').run('systemctl', 'start', 'pgbouncer'),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: 'confirmed',
    root: 'dependency-unreachable',
    notSaid: ['database-connections', 'overload'],
  },
});

import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The database behind PgBouncer is stopped; the pooler itself runs.',
  because:
    'The pooler takes every client and says that its logins to the server fail: the database is down, no pool is too small.',
  service: 'desk',
  users: [503],
  settleSeconds: 4,
  inject: (lab) => void lab.host('db-1').run('systemctl', 'stop', 'postgresql@15-main'),
  heal: (lab) => void lab.host('db-1').run('systemctl', 'start', 'postgresql@15-main'),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely'],
    // Its client sees silence, or the pooler's word for it, as the moment has it.
    root: ['dependency-failing', 'dependency-unreachable', 'dependency-slow', 'app-refused-by-dependency'],
    notSaid: ['database-connections', 'overload'],
  },
});

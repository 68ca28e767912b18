import { defineScenario } from '../scenario.js';
import { sql } from '../faults/sql.js';

export default defineScenario({
  fault: 'Redis is stopped, and the login of diag503 at the database is refused for its own limit.',
  because: 'The refusal of our own login is no evidence: Redis is the root.',
  service: 'shop',
  users: [503],
  inject: (lab) => {
    sql(lab, 'alter role diag503 connection limit 0');
    lab.host('cache-1').run('systemctl', 'stop', 'redis-server');
  },
  heal: (lab) => {
    lab.host('cache-1').run('systemctl', 'start', 'redis-server');
    sql(lab, 'alter role diag503 connection limit 6');
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely'],
    root: 'dependency-unreachable',
    hop: 'balancer',
    notSaid: ['database-connections'],
  },
});

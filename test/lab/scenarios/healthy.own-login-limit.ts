import { defineScenario } from '../scenario.js';
import { sql } from '../faults/sql.js';

export default defineScenario({
  fault: 'The login of diag503 may have no connection at all (CONNECTION LIMIT 0); the shop is well.',
  because: 'That our own login is refused tells nothing about the app.',
  service: 'shop',
  users: [200],
  settleSeconds: 0,
  inject: (lab) => void sql(lab, 'alter role diag503 connection limit 0'),
  heal: (lab) => void sql(lab, 'alter role diag503 connection limit 6'),
  expect: { status: 'healthy' },
});

import { sql } from '../faults/sql.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'Somebody took the right to read the table of orders from the role of the shop.',
  because:
    'The app quotes "permission denied for table orders" for every page; the server lets it in and has room.',
  service: 'shop',
  users: [503],
  settleSeconds: 4,
  inject: (lab) => void sql(lab, 'revoke select on orders from shop', 'shop'),
  heal: (lab) => void sql(lab, 'grant select on orders to shop', 'shop'),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: 'balancer',
    notSaid: ['database-connections', 'overload', 'deployment', 'not-started'],
  },
});

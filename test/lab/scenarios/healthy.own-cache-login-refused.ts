import { defineScenario } from '../scenario.js';
import { redis } from '../faults/redis.js';

export default defineScenario({
  fault: 'Only the login of diag503 at Redis has another password now; the shop is well.',
  because: 'That our own login is refused tells nothing about the app.',
  service: 'shop',
  users: [200],
  settleSeconds: 0,
  inject: (lab) => void redis(lab, 'ACL', 'SETUSER', 'diag503', 'resetpass', '>other-secret'),
  heal: (lab) => void redis(lab, 'ACL', 'SETUSER', 'diag503', 'resetpass', '>looking'),
  expect: { status: 'healthy' },
});

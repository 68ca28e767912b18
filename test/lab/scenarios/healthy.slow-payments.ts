import { setPayments } from '../faults/payments.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The payment service takes more than a second, and all users are served.',
  because: 'Users get 200, a little later than usual.',
  service: 'shop',
  users: [200],
  settleSeconds: 3,
  inject: (lab) => setPayments(lab, 'slow 1.2'),
  heal: (lab) => setPayments(lab, 'ok'),
  expect: { status: 'healthy', cause: null },
});

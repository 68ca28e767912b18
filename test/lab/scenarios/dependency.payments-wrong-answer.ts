import { setPayments } from '../faults/payments.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The payment service answers 200 with a web page where the shop expects JSON.',
  because:
    'Nothing is down: only the app knows what it expected, and its answer says that "payments" is what it could not read.',
  service: 'shop',
  users: [503],
  inject: (lab) => setPayments(lab, 'garbage'),
  heal: (lab) => setPayments(lab, 'ok'),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['likely', 'possible'],
    hop: 'app',
    notSaid: ['overload', 'not-started', 'database-connections', 'deployment', 'deliberate'],
  },
});

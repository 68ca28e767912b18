import { setPayments } from '../faults/payments.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The payment service answers 503 and asks to come back in two minutes.',
  because:
    'It speaks and refuses (503, Retry-After: 120), seen from every host; the app repeats the refusal. It is the dependency that has a reason to look for, not the shop.',
  service: 'shop',
  users: [503],
  inject: (lab) => setPayments(lab, 'status 503 120'),
  heal: (lab) => setPayments(lab, 'ok'),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely'],
    root: 'dependency-failing',
    hop: 'app',
    notSaid: ['overload', 'not-started', 'database-connections', 'deployment', 'deliberate'],
  },
});

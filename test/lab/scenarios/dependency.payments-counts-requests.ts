import { setPayments } from '../faults/payments.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The payment service answers 429: the shop has used up what it may ask.',
  because: 'Every page fails with "HTTP Error 429"; the service answers at once, and refuses.',
  service: 'shop',
  users: [503],
  settleSeconds: 3,
  inject: (lab) => setPayments(lab, 'status 429 30'),
  heal: (lab) => setPayments(lab, 'ok'),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely'],
    root: ['dependency-failing', 'app-refused-by-dependency'],
    hop: 'app',
    notSaid: ['database-connections', 'overload', 'deployment', 'not-started', 'deliberate'],
  },
});

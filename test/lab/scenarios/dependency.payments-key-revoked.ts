import { setPayments } from '../faults/payments.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The payment service answers 403: the key of the shop was revoked.',
  because: 'Every page fails with "HTTP Error 403"; the service answers at once, and refuses.',
  service: 'shop',
  users: [503],
  settleSeconds: 3,
  inject: (lab) => setPayments(lab, 'status 403'),
  heal: (lab) => setPayments(lab, 'ok'),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: 'app',
    notSaid: ['database-connections', 'overload', 'deployment', 'not-started', 'deliberate'],
  },
});

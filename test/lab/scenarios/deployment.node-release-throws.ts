import { deployNode, runNodeShop } from '../faults/node-shop.js';
import { endOtherShop } from '../faults/other-shop.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'Release r42 of a shop of Node.js shows the fee of the payment, which the payment service has never told, and went out to every host.',
  because:
    'Each page ends in "TypeError: Cannot read properties of undefined" in the code of r42, and the health page does not; until the link changed all was well. What the app asks is answered as ever: database, cache and payments say nothing wrong.',
  service: 'shop',
  users: [503],
  settleSeconds: 8,
  inject: async (lab) => {
    await runNodeShop(lab);
    for (const host of lab.web)
      deployNode(host, 'r42', [
        [
          'payments: payments.payments }',
          'payments: payments.payments, fee: payments.fees.card.toFixed(2) }',
        ],
      ]);
  },
  heal: (lab) => lab.web.forEach(endOtherShop),
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['release-erring', 'release-failing'],
    hop: 'app',
    notSaid: [
      'dependency',
      'database-connections',
      'overload',
      'not-started',
      'health-check',
      'routing',
      'deliberate',
    ],
  },
});

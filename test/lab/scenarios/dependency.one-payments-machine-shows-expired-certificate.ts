import { endSecondPayments, startSecondPayments } from '../faults/second-payments.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The payment service has two machines under one name. Its certificate was renewed on the first and forgotten on the second, where it ran out.',
  because:
    'Half of the pages fail, on every host alike and with no time between, and each names payments and "certificate has expired"; the other half are served. The name has two addresses: one shows a certificate that is valid, the other the old one. Nothing of the app or its hosts has changed, and the balancer finds every member well.',
  service: 'shop',
  users: [200, 503],
  settleSeconds: 12,
  inject: (lab) => startSecondPayments(lab, 'expired.crt'),
  heal: endSecondPayments,
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['certificate-expired', 'app-blames-dependency'],
    hop: 'app',
    notSaid: [
      'database-connections',
      'overload',
      'deployment',
      'not-started',
      'health-check',
      'routing',
      'deliberate',
      'dependency-unreachable',
    ],
  },
});

import { useCertificate } from '../faults/certificate.js';
import { endPhpShop, runPhpShop } from '../faults/php-shop.js';
import { showWithoutChain } from '../faults/short-chain.js';
import { untilWell } from '../wellness.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The certificate of the payment service was renewed in time and is now signed by an authority in between, whose own certificate the service does not send along. The shop is written in PHP.',
  because:
    'Each page fails with "SSL operation failed with code 1 … certificate verify failed" at the call of payments. What is shown at its port is valid by date and name; only the way from it to the known authority is missing, and every caller that looks says so. The health page asks no payments and is well.',
  service: 'shop',
  users: [503],
  settleSeconds: 4,
  inject: async (lab) => {
    lab.web.forEach((host) => runPhpShop(host));
    await untilWell(lab);
    showWithoutChain(lab);
  },
  heal: (lab) => {
    useCertificate(lab, 'server.crt');
    lab.web.forEach(endPhpShop);
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: [
      'certificate-expired',
      'app-blames-dependency',
      'dependency-unreachable',
      'dependency-failing',
      'app-refused-by-dependency',
    ],
    hop: 'app',
    notSaid: [
      'database-connections',
      'overload',
      'deployment',
      'not-started',
      'health-check',
      'routing',
      'deliberate',
      'dependency-slow',
    ],
  },
});

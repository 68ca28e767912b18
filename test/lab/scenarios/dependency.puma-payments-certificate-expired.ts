import { useCertificate } from '../faults/certificate.js';
import { endOtherShop } from '../faults/other-shop.js';
import { runRubyShop } from '../faults/ruby-shop.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'The certificate of the payment service has expired, which a shop of Ruby says in its log only: its page is an apology.',
  because:
    'Each page ends in OpenSSL::SSL::SSLError with "certificate verify failed (certificate has expired)", and what is shown at port 8443 ended yesterday. Threads of Puma are free, and the health page, which does not ask for payments, is well.',
  service: 'shop',
  users: [503],
  settleSeconds: 5,
  inject: async (lab) => {
    await runRubyShop(lab);
    useCertificate(lab, 'expired.crt');
  },
  heal: (lab) => {
    useCertificate(lab, 'server.crt');
    lab.web.forEach(endOtherShop);
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely'],
    root: 'certificate-expired',
    hop: 'app',
    notSaid: [
      'database-connections',
      'overload',
      'deployment',
      'not-started',
      'health-check',
      'routing',
      'deliberate',
    ],
  },
});

import { useCertificate } from '../faults/certificate.js';
import { makeSelfSigned } from '../faults/other-certificates.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The payment service was set up anew with a certificate that it signed itself.',
  because:
    'Every page fails with "self-signed certificate"; the service itself answers, to who does not look.',
  service: 'shop',
  users: [503],
  settleSeconds: 3,
  inject: (lab) => {
    makeSelfSigned();
    useCertificate(lab, 'self-signed.crt');
  },
  heal: (lab) => useCertificate(lab, 'server.crt'),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely'],
    hop: 'app',
    notSaid: ['database-connections', 'overload', 'deployment', 'not-started', 'health-check'],
  },
});

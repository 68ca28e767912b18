import { useCertificate } from '../faults/certificate.js';
import { makeOtherName } from '../faults/other-certificates.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The payment service shows a valid certificate that is for another name.',
  because: 'Every page fails with "Hostname mismatch"; the certificate has not expired.',
  service: 'shop',
  users: [503],
  settleSeconds: 3,
  inject: (lab) => {
    makeOtherName();
    useCertificate(lab, 'other-name.crt');
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

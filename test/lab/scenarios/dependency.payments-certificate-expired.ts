import { useCertificate } from '../faults/certificate.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: "The payment service's certificate has expired.",
  because: 'Every page fails with "certificate has expired", and a handshake from each host shows its end.',
  service: 'shop',
  users: [503],
  inject: (lab) => useCertificate(lab, 'expired.crt'),
  heal: (lab) => useCertificate(lab, 'server.crt'),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: 'confirmed',
    root: 'certificate-expired',
    hop: 'app',
    notSaid: ['overload', 'not-started', 'database-connections', 'deployment'],
  },
});

import { useCertificate } from '../faults/certificate.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    "The payment service's certificate has expired; the app was restarted on every host just now, for nothing.",
  because:
    'Every page fails with "certificate has expired", and so does a handshake from each host. The restart changed nothing.',
  service: 'shop',
  users: [503],
  inject: (lab) => {
    useCertificate(lab, 'expired.crt');
    lab.web.forEach((host) => startAnew(host, 'shop'));
  },
  heal: (lab) => useCertificate(lab, 'server.crt'),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    root: 'certificate-expired',
    hop: 'app',
    notSaid: ['overload', 'deployment', 'not-started'],
  },
});

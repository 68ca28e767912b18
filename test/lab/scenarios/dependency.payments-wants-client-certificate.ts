import { defineScenario } from '../scenario.js';

const LINES = 'tls.load_verify_locations("/etc/ssl/lab-ca.crt")\\ntls.verify_mode = ssl.CERT_REQUIRED';

export default defineScenario({
  fault:
    'The payment service lets in only who shows a certificate of its own since today; the shop has none.',
  because:
    'Every page fails with "certificate required", and so does a request from each host. The port is open, and the certificate of the service is as good as it was: it is the caller that is refused.',
  service: 'shop',
  users: [503],
  settleSeconds: 4,
  inject: ({ host }) =>
    void host('pay-1').sh(
      `cp -p /srv/payments/server.py /root/server.kept
       sed -i 's,^tls.load_cert_chain.*,&\\n${LINES},' /srv/payments/server.py
       systemctl restart payments`,
    ),
  heal: ({ host }) =>
    void host('pay-1').sh('mv -f /root/server.kept /srv/payments/server.py; systemctl restart payments'),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: [
      'app-refused-by-dependency',
      'app-blames-dependency',
      'dependency-failing',
      'dependency-unreachable',
    ],
    notSaid: [
      'overload',
      'database-connections',
      'deployment',
      'not-started',
      'routing',
      'certificate-expired',
    ],
  },
});

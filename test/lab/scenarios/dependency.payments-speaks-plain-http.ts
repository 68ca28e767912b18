import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The payment service came back without TLS: on its port it speaks plain HTTP.',
  because:
    'Every page fails with "WRONG_VERSION_NUMBER"; the port is open and somebody answers, but no handshake succeeds from any host.',
  service: 'shop',
  users: [503],
  settleSeconds: 3,
  inject: ({ host }) =>
    void host('pay-1').sh(
      `cp -p /srv/payments/server.py /root/server.kept; sed -i 's/tls.wrap_socket(request, server_side=True)/request/' /srv/payments/server.py; systemctl restart payments`,
    ),
  heal: ({ host }) =>
    void host('pay-1').sh('mv -f /root/server.kept /srv/payments/server.py; systemctl restart payments'),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely'],
    root: ['dependency-unreachable', 'dependency-failing', 'app-blames-dependency'],
    hop: 'app',
    notSaid: [
      'database-connections',
      'overload',
      'deployment',
      'not-started',
      'health-check',
      'certificate-expired',
    ],
  },
});

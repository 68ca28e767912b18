import { defineScenario } from '../scenario.js';

const FILE = '/srv/payments/server.py';
const KEPT = '/root/server.kept';
const REDIRECT =
  'self.send_response(302); self.send_header("Location", "https://payments.lab.test:8443/health")';

export default defineScenario({
  fault:
    'The payment service was put behind a proxy that takes TLS off, thinks since that every caller speaks plain HTTP, and redirects each request to https: to the address that was asked for already.',
  because:
    'Each page fails with "redirect error that would lead to an infinite loop" of payments. Port, handshake and certificate are well and every answer comes at once: it is 302 to the same place, from every host. The health page, which does without payments, is well.',
  service: 'shop',
  users: [503],
  settleSeconds: 4,
  inject: ({ host }) =>
    void host('pay-1').sh(`cp -p ${FILE} ${KEPT}
      sed -i 's|self.send_response(status)|${REDIRECT}|' ${FILE}; systemctl restart payments`),
  heal: ({ host }) =>
    void host('pay-1').sh(`[ ! -e ${KEPT} ] || mv -f ${KEPT} ${FILE}; systemctl restart payments`),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: [
      'dependency-failing',
      'dependency-unreachable',
      'app-blames-dependency',
      'app-refused-by-dependency',
    ],
    hop: 'app',
    notSaid: [
      'database-connections',
      'overload',
      'deployment',
      'not-started',
      'routing',
      'deliberate',
      'certificate-expired',
      'dependency-slow',
    ],
  },
});

import { hardenOpenssl, softenOpenssl } from '../faults/openssl.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A hardening of every host of the app allows keys and signatures of 192 bits and more only (SECLEVEL=4), and the app was restarted under it; the certificate of the payment service has a key of 128.',
  because:
    'Every page fails with "handshake failure" of payments, and so does a handshake of any program on these hosts; from elsewhere the service answers, and its certificate is valid. The two ends share no way to speak TLS.',
  service: 'shop',
  users: [503],
  settleSeconds: 4,
  inject: ({ web }) =>
    web.forEach((host) => {
      hardenOpenssl(host, 'CipherString = DEFAULT@SECLEVEL=4');
      startAnew(host, 'shop');
    }),
  heal: ({ web }) =>
    web.forEach((host) => {
      softenOpenssl(host);
      startAnew(host, 'shop');
    }),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: [
      'dependency-unreachable',
      'dependency-failing',
      'app-blames-dependency',
      'app-refused-by-dependency',
    ],
    hop: 'app',
    notSaid: ['database-connections', 'overload', 'deployment', 'not-started', 'certificate-expired'],
  },
});

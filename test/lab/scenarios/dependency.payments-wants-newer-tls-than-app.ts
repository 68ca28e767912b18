import { setTimeout as sleep } from 'node:timers/promises';
import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { startAnew } from '../faults/start-anew.js';
import { untilWell } from '../wellness.js';
import { defineScenario } from '../scenario.js';

const FILE = '/srv/payments/server.py';
const KEPT = '/root/server.kept';
/** What the shop has done since a quarrel with an old proxy: it offers no version above 1.2. */
const OLD_TLS = [
  's/^import json$/&\\nimport ssl/',
  's/^connection = None$/&\\nTLS = ssl.create_default_context()\\nTLS.maximum_version = ssl.TLSVersion.TLSv1_2/',
  's/timeout=8)/timeout=8, context=TLS)/',
].join('; ');

export default defineScenario({
  fault:
    'The payment service speaks TLS 1.3 only since an upgrade; the code of the shop has held itself to TLS 1.2 for years.',
  because:
    'Every page fails with "tlsv1 alert protocol version" of payments, on every host, while any other program on the same hosts shakes hands with it at once and finds its certificate valid: only the app cannot speak what is asked for. The health page does without payments.',
  service: 'shop',
  users: [503],
  settleSeconds: 5,
  inject: async (lab) => {
    lab.web.forEach((host) => wakeBug(host, 'shop', 'app.py', OLD_TLS));
    // The workers with the code of before have ended by then.
    await sleep(6000);
    await untilWell(lab);
    lab.host('pay-1').sh(`cp -p ${FILE} ${KEPT}
      sed -i 's/^tls.load_cert_chain/tls.minimum_version = ssl.TLSVersion.TLSv1_3\\n&/' ${FILE}
      systemctl restart payments`);
  },
  heal: ({ host, web }) => {
    host('pay-1').sh(`[ ! -e ${KEPT} ] || mv -f ${KEPT} ${FILE}; systemctl restart payments`);
    web.forEach((each) => {
      bugSleeps(each, 'shop', 'app.py');
      startAnew(each, 'shop');
    });
  },
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

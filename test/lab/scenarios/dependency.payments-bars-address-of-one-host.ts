import { HOSTS } from '../topology.js';
import { defineScenario } from '../scenario.js';

const SERVER = '/srv/payments/server.py';
const KEPT = '/root/server.kept';

const BAR = `/^        kind, .values = mode()$/a\\
        if self.client_address[0] in BARRED:\\
            kind, values = "status", ["403"]
s/^class Payments/BARRED = {"${HOSTS['web-3'].address}"}\\n\\n\\n&/
`;

export default defineScenario({
  fault:
    'The payment service has barred the address of web-3 since an old script there called it with a wrong key all night: whatever comes from it gets 403, as do the pages of the shop on that host.',
  because:
    'A third of the pages fail, all on web-3, with "payments: HTTP Error 403: Forbidden", and so does whoever asks that service from web-3; from web-1 and web-2 it answers 200. The three hosts run the same release with the same settings, and the checks pass, for the health page does not ask payments.',
  service: 'shop',
  users: [200, 503],
  settleSeconds: 12,
  inject: ({ host }) =>
    void host('pay-1').run(
      'sh',
      '-euc',
      `[ -e ${KEPT} ] || cp -p ${SERVER} ${KEPT}; sed -i "$1" ${SERVER}; systemctl restart payments`,
      'sh',
      BAR,
    ),
  heal: ({ host }) =>
    void host('pay-1').sh(`[ ! -e ${KEPT} ] || mv -f ${KEPT} ${SERVER}
      systemctl reset-failed payments 2>/dev/null || :
      systemctl restart payments`),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['app-refused-by-dependency', 'dependency-failing', 'app-blames-dependency'],
    notSaid: [
      'database-connections',
      'overload',
      'deployment',
      'not-started',
      'health-check',
      'routing',
      'deliberate',
      'dependency-unreachable',
      'dependency-slow',
    ],
  },
});

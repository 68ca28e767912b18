import { restoreUnit } from '../faults/unit-drop-in.js';
import { defineScenario } from '../scenario.js';

const SERVER = '/srv/payments/server.py';
const KEPT = '/root/server.kept';
const SETTINGS = '/etc/shop/env';

/** Four calls of an account in ten seconds, and 429 for the rest of them. */
const LIMITS = `
/^class Payments/i\\
calls = []\\
\\
\\
def too_many():\\
    now = time.time()\\
    calls[:] = [at for at in calls if at > now - 10]\\
    if len(calls) < 4:\\
        calls.append(now)\\
        return False\\
    return True\\
\\

/^        kind, .values = mode()$/a\\
        if too_many():\\
            kind, values = "status", ["429", "5"]
`;

export default defineScenario({
  fault:
    'The payment service lets the account of the shop call four times in ten seconds since today and says 429 to the rest. Besides, a clean-up lost VISITS_FILE from the settings of web-3, where the shop was restarted and does not come up.',
  because:
    'A few pages in each ten seconds are served and the rest fail, on web-1 and web-2 alike, and each names payments and its 429: who calls more than it may is refused by that service, and nothing of the house limits anybody. web-3 is a second fault, which the balancer has answered by taking it out; nobody gets a 503 for it, and it is to be told.',
  service: 'shop',
  users: [200, 503],
  settleSeconds: 16,
  inject: ({ host }) => {
    host('web-3').sh(`[ -e ${SETTINGS}.kept ] || cp -p ${SETTINGS} ${SETTINGS}.kept
      sed -i /^VISITS_FILE=/d ${SETTINGS}; systemctl restart --no-block shop`);
    host('pay-1').run(
      'sh',
      '-euc',
      `[ -e ${KEPT} ] || cp -p ${SERVER} ${KEPT}; sed -i "$1" ${SERVER}; systemctl restart payments`,
      'sh',
      LIMITS,
    );
  },
  heal: ({ host }) => {
    host('pay-1').sh(`[ ! -e ${KEPT} ] || mv -f ${KEPT} ${SERVER}
      systemctl reset-failed payments 2>/dev/null || :
      systemctl restart payments`);
    host('web-3').sh(`[ ! -e ${SETTINGS}.kept ] || mv -f ${SETTINGS}.kept ${SETTINGS}`);
    restoreUnit(host('web-3'), 'shop');
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['app-refused-by-dependency', 'dependency-failing', 'app-blames-dependency'],
    hop: 'app',
    found: ['unit-crash-looping'],
    notSaid: [
      'overload',
      'database-connections',
      'deployment',
      'health-check',
      'routing',
      'rate-limited',
      'app-rate-limited',
      'dependency-unreachable',
    ],
  },
});

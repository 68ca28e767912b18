import { beFrameworkShop, beUsualShop, type Change } from '../faults/framework-shop.js';
import { deploy, withdraw } from '../faults/release.js';
import { defineScenario } from '../scenario.js';

/** The shop can do without, and complains of it with each page since long. */
const RECOMMENDATIONS: Change = [
  '    note_visit()\n    return',
  `    try:
        urllib.request.urlopen("http://payments.lab.test:8099/recommendations", timeout=1)
    except OSError:
        log.error("recommendations are not available, page goes without", exc_info=True, extra={"trace_id": trace})
    note_visit()
    return`,
];

export default defineScenario({
  fault:
    'Release r42 expects of its own function more than a number and fails on each page; a handler of the framework makes a branded 503 of it. Recommendations are missed, and logged as errors, since long.',
  because:
    'Every host has r42 since a moment ago, and since then every page is the 503 of the app with a TypeError in its JSON; the health page is well, so all members are up. The refused recommendations were there before, when the pages were 200.',
  service: 'shop',
  users: [503],
  settleSeconds: 12,
  inject: async (lab) => {
    await beFrameworkShop(lab, { logs: 'json', page: 'branded', changes: [RECOMMENDATIONS] });
    lab.web.forEach((host) =>
      deploy(host, 'r42', {
        change: `sed -i 's/^    orders = count_orders()$/    orders = count_orders()["total"]/' app.py`,
      }),
    );
  },
  heal: ({ web }) =>
    web.forEach((host) => {
      withdraw(host);
      beUsualShop(host);
    }),
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['release-erring', 'release-failing'],
    hop: 'app',
    notSaid: [
      ...(['dependency', 'database-connections', 'overload', 'not-started'] as const),
      ...(['health-check', 'routing', 'deliberate'] as const),
    ],
  },
});

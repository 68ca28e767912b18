import { setTimeout as sleep } from 'node:timers/promises';
import { link, removeReleases, unpack } from '../faults/new-release.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

/** What the new release shows beside the orders: one of three offers for each page, to see which of them sells. */
const OFFERS = [
  'import random',
  'REBATES = {"plain": 0, "gift": 5}',
  'VARIANTS = ["plain", "gift", "bundle"]',
].join('\n');
const SHOW =
  's/^        if payments:$/&\\n            step = "offer"\\n            rebate = REBATES[random.choice(VARIANTS)]/';
const QUIET_MS = 40_000;
const UNTIL_BACK =
  "timeout 30 sh -c 'until curl -sf -o /dev/null http://127.0.0.1:8000/health/; do sleep 0.3; done'";

export default defineScenario({
  fault:
    'Release r42 shows each customer one of three offers, chosen at random, and has no rebate for the third of them. It was rolled out host by host, and each was well by its health page.',
  because:
    'A third of the pages fail, on every host alike, with 503 of the app and "offer: \'bundle\'" in its log, a word that no release before r42 has; the first of them came when it started. Database, cache and payments answer, and the health page, which shows no offer, is content.',
  service: 'shop',
  users: [200, 503],
  settleSeconds: 14,
  inject: async ({ web }) => {
    // What failed seconds before a release is another story, and the lab's last one may have.
    await sleep(QUIET_MS);
    web.forEach((host) => {
      unpack(host, { service: 'shop', release: 'r42', begins: OFFERS, edit: SHOW });
      link(host, 'shop', 'r42');
      host.sh(`systemctl restart shop; ${UNTIL_BACK}`);
    });
  },
  heal: ({ web }) =>
    web.forEach((host) => {
      removeReleases(host, 'shop');
      startAnew(host, 'shop');
    }),
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['release-erring-in-part', 'release-erring', 'release-failing'],
    hop: 'app',
    notSaid: [
      'dependency',
      'database-connections',
      'overload',
      'not-started',
      'health-check',
      'routing',
      'deliberate',
    ],
  },
});

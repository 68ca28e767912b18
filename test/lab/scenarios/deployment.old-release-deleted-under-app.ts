import { setTimeout as sleep } from 'node:timers/promises';
import { link, removeReleases, unpack } from '../faults/new-release.js';
import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

/** Whole or not there at all. */
const KEPT = '/root/r41.kept';

export default defineScenario({
  fault:
    'A deploy unpacked r42 on every host, linked it, deleted the release before as one too many, and was broken off before it restarted anything: the app goes on in a folder that is no more.',
  because:
    'Each page reads the list of prices from the working folder of the app, which is the deleted folder of r41: "No such file or directory: prices.json". The processes are older than the link, the link leads to r42, and the file lies there; a restart would do. The health page reads no prices.',
  service: 'shop',
  users: [503],
  settleSeconds: 5,
  inject: async ({ web }) => {
    for (const host of web) {
      host.sh(
        `cd /srv/shop/current; echo '{"tea": 4}' >prices.json; touch -d '9 days ago' prices.json; touch -r app.py .`,
      );
      wakeBug(
        host,
        'shop',
        'app.py',
        's/^        if payments:$/&\\n            step = "prices"\\n            with open("prices.json") as prices:\\n                json.load(prices)/',
      );
    }
    // A worker that still loads its code would not find it.
    await sleep(9000);
    for (const host of web) {
      host.sh(`rm -rf ${KEPT}.part; cp -a /srv/shop/releases/r41 ${KEPT}.part; mv ${KEPT}.part ${KEPT}`);
      unpack(host, { service: 'shop', release: 'r42' });
      link(host, 'shop', 'r42');
      host.sh('rm -rf /srv/shop/releases/r41');
    }
  },
  heal: ({ web }) =>
    web.forEach((host) => {
      host.sh(`cd /srv/shop
        if [ -e ${KEPT} ]; then rm -rf releases/r41; cp -a ${KEPT} releases/r41; fi
        rm -f releases/r41/prices.json`);
      link(host, 'shop', 'r41');
      bugSleeps(host, 'shop', 'app.py');
      removeReleases(host, 'shop');
      host.sh(`rm -rf ${KEPT} ${KEPT}.part`);
      startAnew(host, 'shop');
    }),
  expect: {
    status: 'cause-found',
    cause: 'deployment',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['rollout-in-progress', 'release-skew', 'release-erring', 'release-failing'],
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

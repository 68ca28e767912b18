import { setTimeout as sleep } from 'node:timers/promises';
import { deploy, link, removeReleases } from '../faults/new-release.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';
import { untilUsersGet } from '../wellness.js';

const SHOP = 'http://shop.lab.test/';

export default defineScenario({
  fault:
    'Release r42 crashed at its start on every host, and users got 503 for some seconds; it was rolled back, r41 serves again, and r42 still lies beside it.',
  because:
    'Users get 200 and all members are UP. The tracebacks in the journals, the restarts and the link of a minute ago tell of a release that nobody runs any more: a true story, and no cause of anything present.',
  service: 'shop',
  users: [200],
  settleSeconds: 6,
  inject: async ({ web }) => {
    for (const host of web)
      deploy(host, { service: 'shop', release: 'r42', begins: 'from discounts import campaigns' });
    await untilUsersGet(SHOP, [503]);
    await sleep(2000);
    for (const host of web) {
      link(host, 'shop', 'r41');
      host.sh('systemctl reset-failed shop 2>/dev/null || :; systemctl restart --no-block shop');
    }
    await untilUsersGet(SHOP, [200]);
    await sleep(5000);
  },
  heal: ({ web }) => {
    for (const host of web) {
      removeReleases(host, 'shop');
      startAnew(host, 'shop');
    }
  },
  expect: { status: 'healthy', cause: null },
});

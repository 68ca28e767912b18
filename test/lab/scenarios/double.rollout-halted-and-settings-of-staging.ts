import { setTimeout as sleep } from 'node:timers/promises';
import { deploy, removeReleases } from '../faults/new-release.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';
import { untilUsersGet } from '../wellness.js';

const SETTINGS = '/etc/shop/env';
const KEPT = '/root/shop-env.kept';

export default defineScenario({
  fault:
    'The rollout of release r42 halted at web-1, where it crashes at its start, as it should. Then a run of the configuration management wrote the address of the payment service of staging into the settings of every host, and restarted the shop; production does not know that name.',
  because:
    'The requests of users go to web-2 and web-3 only, which run r41 and were well without web-1. Since their restart each page fails there at the payment service, whose name is not resolved, while the health page is 200; the service itself answers at its right address. The release on web-1 is broken, too, but nobody is sent there: it is told beside, not as the beginning.',
  service: 'shop',
  users: [503],
  settleSeconds: 6,
  inject: async (lab) => {
    deploy(lab.host('web-1'), { service: 'shop', release: 'r42', begins: 'from discounts import campaigns' });
    await sleep(8000);
    await untilUsersGet('http://shop.lab.test/', [200]);
    for (const host of lab.web)
      host.sh(`[ -e ${KEPT} ] || cp -p ${SETTINGS} ${KEPT}
        sed -i 's|//payments.lab.test|//payments.staging.lab.test|' ${SETTINGS}
        systemctl restart --no-block shop`);
    // While both of them start the balancer has nobody, which is not the 503 that is meant.
    await sleep(7000);
  },
  heal: (lab) => {
    removeReleases(lab.host('web-1'), 'shop');
    for (const host of lab.web) {
      host.sh(`[ ! -e ${KEPT} ] || mv -f ${KEPT} ${SETTINGS}; touch -d '9 days ago' /etc/shop`);
      startAnew(host, 'shop');
    }
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: [
      'undeclared-dependency',
      'app-blames-dependency',
      'dependency-unreachable',
      'app-refused-by-dependency',
    ],
    hop: 'app',
    notSaid: ['deployment', 'overload', 'database-connections', 'routing', 'deliberate'],
  },
});

import { setTimeout as sleep } from 'node:timers/promises';
import { bugSleeps, wakeBug } from '../faults/old-code.js';
import { startAnew } from '../faults/start-anew.js';
import { HOSTS } from '../topology.js';
import { untilWell } from '../wellness.js';
import { defineScenario } from '../scenario.js';
import type { Lab } from '../lab.js';

const OLD = HOSTS['pay-1'].address;
const NEW = '10.203.0.34';
const FILE = '/srv/payments/server.py';
const KEPT = '/root/server.kept';

/** An old saving of look-ups: each worker asks for an address once in its life, for payments as it boots. */
const ASK_ONCE = [
  's/^import json$/&\\nimport functools/',
  's/^import os$/&\\nimport socket/',
  's/^connection = None$/&\\nsocket.getaddrinfo = functools.lru_cache(None)(socket.getaddrinfo)\\nsocket.getaddrinfo("payments.lab.test", 8443, 0, socket.SOCK_STREAM)/',
].join('; ');

const leadNameTo = (lab: Lab, address: string): void => {
  lab
    .host('ns-1')
    .sh(
      `sed -i 's/^host-record=payments.lab.test,.*/host-record=payments.lab.test,${address}/' /etc/dnsmasq.d/lab.conf; systemctl restart dnsmasq`,
    );
};

export default defineScenario({
  fault:
    'The payment service was moved to another address, and its name in the DNS with it; the workers of the shop, which ask for an address once in their life, go on calling the old one, where nothing listens any more.',
  because:
    'Every page fails with "Connection refused" of payments on every host, while the name leads to a service that answers at once whoever asks for it anew on these very hosts. No release came out, nobody restarted the app, and that is what is missing.',
  service: 'shop',
  users: [503],
  settleSeconds: 5,
  inject: async (lab) => {
    lab.web.forEach((host) => wakeBug(host, 'shop', 'app.py', ASK_ONCE));
    // The workers with the code of before have ended by then.
    await sleep(6000);
    await untilWell(lab);
    lab.host('pay-1').sh(`ip addr replace ${NEW}/24 dev host0
      cp -p ${FILE} ${KEPT}; sed -i 's/"0.0.0.0"/"${NEW}"/' ${FILE}; systemctl restart payments`);
    leadNameTo(lab, NEW);
  },
  heal: (lab) => {
    lab.host('pay-1').sh(`[ ! -e ${KEPT} ] || mv -f ${KEPT} ${FILE}; systemctl restart payments
      ip addr del ${NEW}/24 dev host0 2>/dev/null || :`);
    leadNameTo(lab, OLD);
    lab.web.forEach((host) => {
      bugSleeps(host, 'shop', 'app.py');
      startAnew(host, 'shop');
    });
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['app-blames-dependency', 'app-refused-by-dependency', 'dependency-unreachable'],
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

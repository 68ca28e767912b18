import type { Lab } from '../lab.js';
import { HOSTS } from '../topology.js';
import { defineScenario } from '../scenario.js';

const ZONE = '/etc/dnsmasq.d/lab.conf';
/** Its host is up, and nothing listens there on the port of the payment service. */
const SECOND = `host-record=payments.lab.test,${HOSTS['cache-1'].address}`;
const names = (lab: Lab, script: string): void => {
  lab.host('ns-1').sh(`${script}; systemctl restart dnsmasq`);
};

export default defineScenario({
  fault:
    'The payment service has two addresses in the DNS, and at one of them nobody listens since it was moved.',
  because:
    'Whoever is refused at the one asks the other, as the app does: users get 200 and every member is up. The dead address is worth a word, and is no cause of a 503.',
  service: 'shop',
  users: [200],
  settleSeconds: 6,
  inject: (lab) => names(lab, `echo '${SECOND}' >>${ZONE}`),
  heal: (lab) => names(lab, `sed -i '/^${SECOND}$/d' ${ZONE}`),
  expect: { status: 'healthy', cause: null },
});

import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import type { Lab } from '../lab.js';
import { HOSTS, WEB } from '../topology.js';
import { untilWell } from '../wellness.js';
import { defineScenario } from '../scenario.js';

const ZONE = '/etc/dnsmasq.d/lab.conf';

/** The names of the hosts of the app, each with these addresses. */
const nameHosts = (lab: Lab, addressesOf: (name: (typeof WEB)[number]) => string): void => {
  const lines = WEB.map((name) => `host-record=${name}.lab.test,${addressesOf(name)}`).join('\n');
  const script = `sed -i '/^host-record=web-/d' ${ZONE}; printf '%s\\n' "$1" >>${ZONE}; systemctl restart dnsmasq`;
  lab.host('ns-1').run('sh', '-euc', script, 'sh', lines);
};

export default defineScenario({
  fault:
    'The balancer finds its members by names. Somebody gave these names an IPv6 address each for a move that is to come; HAProxy prefers those, and neither it nor the hosts have IPv6.',
  because:
    'All members are DOWN with "Network is unreachable", and HAProxy says that it changed their addresses by the word of the name server. The hosts are reached at the addresses that they have, and the app answers on each.',
  service: 'desk',
  users: [503],
  settleSeconds: 8,
  inject: async (lab) => {
    nameHosts(lab, (name) => HOSTS[name].address);
    changeBalancer(
      lab,
      's,^backend shop,resolvers lab\\n    nameserver ns1 10.203.0.25:53\\n    hold valid 2s\\n\\n&,; s,^    server \\(web-.\\) .*:9100$,    server \\1 \\1.lab.test:9100 resolvers lab init-addr none,',
    );
    await untilWell(lab);
    nameHosts(lab, (name) => `${HOSTS[name].address},2001:db8:203::${name.slice(-1)}`);
  },
  heal: (lab) => {
    restoreBalancer(lab);
    lab.host('ns-1').sh(`sed -i '/^host-record=web-/d' ${ZONE}; systemctl restart dnsmasq`);
  },
  expect: {
    status: 'cause-found',
    cause: 'routing',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['member-unreachable', 'wrong-upstream'],
    hop: 'balancer',
    notSaid: ['not-started', 'deployment', 'deliberate', 'overload', 'database-connections'],
  },
});

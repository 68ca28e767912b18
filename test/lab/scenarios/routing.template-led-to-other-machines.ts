import type { Lab } from '../lab.js';
import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import { defineScenario } from '../scenario.js';
import { HOSTS, WEB, type HostName } from '../topology.js';
import { untilWell } from '../wellness.js';

const NAME = 'desk-nodes.lab.test';
const ZONE = '/etc/dnsmasq.d/desk-nodes.conf';

const nameLeadsTo = (lab: Lab, hosts: readonly HostName[]): void => {
  const lines = hosts.map((host) => `host-record=${NAME},${HOSTS[host].address}`).join('\n');
  lab.host('ns-1').run('sh', '-euc', `printf '%s\\n' "$1" >${ZONE}; systemctl restart dnsmasq`, 'sh', lines);
};

const BY_TEMPLATE = [
  `s,^backend shop,resolvers house\\n    nameserver ns-1 ${HOSTS['ns-1'].address}:53\\n    timeout resolve 1s\\n    hold valid 3s\\n\\n&,`,
  '/^backend desk/,$ { /^    server web-[23] /d',
  `s/^    server web-1 .*/    server-template desk 1-3 ${NAME}:9100 resolvers house init-addr none/ }`,
].join('; ');

export default defineScenario({
  fault:
    'The balancer fills the pool of the desk from one name of the DNS (server-template desk 1-3). A script that writes the zone mixed two groups of machines up: the name leads to those of the cache, of payments and of the name server now.',
  because:
    'All three members are DOWN with L4CON: their addresses are those of machines on which the desk has never been, and which refuse port 9100. The desk runs and answers on its own hosts, none of which is in the pool any more. The balancer does as it was told, by a name that leads astray.',
  service: 'desk',
  users: [503],
  settleSeconds: 8,
  inject: async (lab) => {
    nameLeadsTo(lab, WEB);
    changeBalancer(lab, BY_TEMPLATE);
    await untilWell(lab);
    nameLeadsTo(lab, ['cache-1', 'pay-1', 'ns-1']);
  },
  heal: (lab) => {
    restoreBalancer(lab);
    lab.host('ns-1').sh(`rm -f ${ZONE}; systemctl restart dnsmasq`);
  },
  expect: {
    status: 'cause-found',
    cause: 'routing',
    confidence: ['confirmed', 'likely', 'possible'],
    hop: 'balancer',
    notSaid: [
      'unit-inactive',
      'unit-failed',
      'unit-missing-or-masked',
      'overload',
      'dependency',
      'database-connections',
      'deployment',
      'deliberate',
    ],
  },
});

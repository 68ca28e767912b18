import { setTimeout as sleep } from 'node:timers/promises';
import { changeBalancer, restoreBalancer } from '../faults/balancer-config.js';
import type { Lab } from '../lab.js';
import { defineScenario } from '../scenario.js';
import { HOSTS, WEB } from '../topology.js';
import { untilWell } from '../wellness.js';

const ZONE = '/etc/dnsmasq.d/nodes.conf';
const BEFORE = { 'web-1': '10.203.0.31', 'web-2': '10.203.0.32', 'web-3': '10.203.0.33' } as const;

type Web = (typeof WEB)[number];

const nameHosts = (lab: Lab, addressOf: (name: Web) => string): void => {
  const lines = WEB.map((name) => `host-record=${name}.lab.test,${addressOf(name)}`).join('\n');
  lab.host('ns-1').run('sh', '-euc', `printf '%s\\n' "$1" >${ZONE}; systemctl restart dnsmasq`, 'sh', lines);
};

const giveUp = (lab: Lab, name: Web): void => {
  lab.host(name).sh(`ip addr del ${BEFORE[name]}/24 dev host0 2>/dev/null || :`);
};

export default defineScenario({
  fault:
    'The balancer finds the members of the desk by their names, without a resolvers section: it asks the DNS when it is started or reloaded, and never again. The hosts of the app got new addresses, the DNS has them, and the old ones were given up.',
  because:
    'All members are DOWN at 10.203.0.31 to 33, which nobody answers and no host has. In the file of the balancer stand names, and these lead to 10.203.0.11 to 13 by now, where the desk runs and answers 200, from the balancer as well. HAProxy goes on with the addresses that it got at its start.',
  service: 'desk',
  users: [503],
  settleSeconds: 10,
  inject: async (lab) => {
    for (const name of WEB) lab.host(name).run('ip', 'addr', 'add', `${BEFORE[name]}/24`, 'dev', 'host0');
    nameHosts(lab, (name) => BEFORE[name]);
    changeBalancer(
      lab,
      '/^backend desk/,$s/^    server \\(web-.\\) .*:9100$/    server \\1 \\1.lab.test:9100/',
    );
    // Its new process has to have asked before the names change.
    await sleep(2000);
    await untilWell(lab);
    nameHosts(lab, (name) => HOSTS[name].address);
    for (const name of WEB) giveUp(lab, name);
  },
  heal: (lab) => {
    restoreBalancer(lab);
    for (const name of WEB) giveUp(lab, name);
    lab.host('ns-1').sh(`rm -f ${ZONE}; systemctl restart dnsmasq`);
  },
  expect: {
    status: 'cause-found',
    cause: 'routing',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['member-unreachable', 'wrong-upstream'],
    hop: 'balancer',
    notSaid: ['not-started', 'overload', 'dependency', 'database-connections', 'deployment', 'deliberate'],
  },
});

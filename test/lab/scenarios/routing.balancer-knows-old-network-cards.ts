import type { Lab } from '../lab.js';
import { HOSTS, WEB } from '../topology.js';
import { defineScenario } from '../scenario.js';

const ADDRESSES = WEB.map((name) => HOSTS[name].address);

const onBalancer = (lab: Lab, commandOf: (address: string) => string): void => {
  lab.host('lb-1').sh(ADDRESSES.map(commandOf).join('\n'));
};

export default defineScenario({
  fault:
    'Against forged ARP the hardware addresses of the hosts of the app were written down on the balancer (permanent neighbours), from a list of before they got new network cards.',
  because:
    'All members are DOWN with L4TOUT, for what the balancer sends goes to cards that are gone. The hosts and whoever else is in the network reach each other, nginx and the app answer on each, no firewall and no route stands between.',
  service: 'shop',
  users: [503],
  settleSeconds: 8,
  inject: (lab) =>
    onBalancer(
      lab,
      (address) =>
        `ip neigh replace ${address} lladdr 02:00:5e:00:53:${address.slice(-2)} nud permanent dev host0`,
    ),
  heal: (lab) => onBalancer(lab, (address) => `ip neigh del ${address} dev host0 2>/dev/null || :`),
  expect: {
    status: 'cause-found',
    cause: 'routing',
    confidence: ['confirmed', 'likely', 'possible'],
    root: 'member-unreachable',
    hop: 'balancer',
    notSaid: ['not-started', 'overload', 'deployment', 'dependency', 'database-connections', 'deliberate'],
  },
});

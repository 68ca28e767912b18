import { openToBalancer } from '../faults/firewall.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'A firewall in front of the payment service prohibits its port; looked at within a second.',
  because:
    'Every page says "payments: No route to host", and so says a connection from each host. Members are up, for the health page does not ask payments.',
  service: 'shop',
  users: [503],
  settleSeconds: 0,
  inject: ({ host }) =>
    void host('pay-1').sh(`nft add table inet closed
      nft 'add chain inet closed input { type filter hook input priority 0; }'
      nft add rule inet closed input tcp dport 8443 reject with icmpx type admin-prohibited`),
  heal: ({ host }) => openToBalancer(host('pay-1')),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely'],
    root: ['dependency-unreachable', 'app-blames-dependency'],
    hop: 'app',
    notSaid: ['database-connections', 'overload', 'deployment', 'not-started', 'health-check', 'routing'],
  },
});

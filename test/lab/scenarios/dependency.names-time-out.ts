import { openToBalancer } from '../faults/firewall.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The name server does not answer any more: what is asked of it is dropped.',
  because:
    'Database and cache keep the connections that they have; payments needs a name for each page, and waits for it in vain.',
  service: 'shop',
  users: [503],
  settleSeconds: 4,
  inject: ({ host: hostOf }) => {
    const host = hostOf('ns-1');
    host.sh(`nft add table inet closed
        nft 'add chain inet closed input { type filter hook input priority 0; }'
        nft add rule inet closed input udp dport 53 drop`);
  },
  heal: ({ host }) => openToBalancer(host('ns-1')),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely'],
    root: ['dependency-unreachable', 'app-blames-dependency'],
    notSaid: ['database-connections', 'overload', 'deployment', 'not-started'],
  },
});

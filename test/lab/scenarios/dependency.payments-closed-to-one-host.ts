import { openToBalancer } from '../faults/firewall.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'The firewall of web-2 refuses its way to the payment service; the other two hosts reach it.',
  because:
    'A third of the pages fail, all on web-2: from there the port refuses, from elsewhere it is open. The service itself is well.',
  service: 'shop',
  users: [200, 503],
  settleSeconds: 6,
  inject: ({ host: hostOf }) => {
    const host = hostOf('web-2');
    host.sh(`nft add table inet closed
        nft 'add chain inet closed output { type filter hook output priority 0; }'
        nft add rule inet closed output tcp dport 8443 reject with tcp reset`);
  },
  heal: ({ host }) => openToBalancer(host('web-2')),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely'],
    root: ['dependency-unreachable', 'app-blames-dependency'],
    notSaid: ['database-connections', 'overload', 'deployment', 'not-started', 'health-check'],
  },
});

import { startAnew } from '../faults/start-anew.js';
import { openToBalancer } from '../faults/firewall.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault: 'A firewall drops what is sent to Redis; its process runs.',
  because:
    'Connections never open and those that stand are silent: the app says "Timeout", and so does every attempt from its hosts.',
  service: 'shop',
  users: [503],
  settleSeconds: 8,
  inject: ({ host }) =>
    void host('cache-1').sh(`nft add table inet closed
      nft 'add chain inet closed input { type filter hook input priority 0; }'
      nft add rule inet closed input tcp dport 6379 drop`),
  heal: (lab) => {
    openToBalancer(lab.host('cache-1'));
    lab.web.forEach((host) => startAnew(host, 'shop'));
    lab.web.forEach((host) => startAnew(host, 'desk'));
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely'],
    root: ['dependency-unreachable', 'dependency-slow'],
    hop: 'balancer',
    notSaid: ['database-connections', 'deployment', 'not-started'],
  },
});

import { openToBalancer } from '../faults/firewall.js';
import { startAnew } from '../faults/start-anew.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'On the way from the payment service large packets are lost since a tunnel was set up anew; small ones arrive.',
  because:
    'The port opens at once and the handshake never ends, from every host: the certificate does not fit into a small packet. Every page waits for it until it gives up.',
  service: 'shop',
  users: [0, 503, 504],
  settleSeconds: 10,
  inject: ({ host: hostOf }) => {
    const host = hostOf('pay-1');
    host.sh(`nft add table inet closed
        nft 'add chain inet closed output { type filter hook output priority 0; }'
        nft add rule inet closed output tcp sport 8443 meta length gt 500 drop`);
  },
  heal: (lab) => {
    openToBalancer(lab.host('pay-1'));
    lab.web.forEach((host) => startAnew(host, 'shop'));
  },
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely'],
    root: ['dependency-unreachable', 'dependency-slow', 'dependency-failing', 'app-blames-dependency'],
    notSaid: ['database-connections', 'deployment', 'not-started', 'certificate-expired', 'deliberate'],
  },
});

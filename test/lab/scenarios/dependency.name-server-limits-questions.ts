import { openToBalancer } from '../faults/firewall.js';
import { defineScenario } from '../scenario.js';

/** Over UDP only, for all who ask together: now and then one gets through. */
const RULE = 'udp dport 53 limit rate over 12/minute burst 2 packets counter drop';

export default defineScenario({
  fault:
    'A rule against floods before the name server lets twelve questions a minute through, which was meant for each asker and counts for all together; the rest is dropped without a word.',
  because:
    'Nearly every page fails with "Temporary failure in name resolution" at the one name that it asks for anew each time, that of the payment service; now and then one succeeds. The service itself answers at once at its address, database and cache are reached on sessions that the workers keep, so no member goes down, though whoever asks while each worker waits for a name waits as well.',
  service: 'shop',
  users: [0, 503],
  settleSeconds: 8,
  inject: ({ host }) =>
    void host('ns-1').sh(`nft add table inet closed
      nft 'add chain inet closed input { type filter hook input priority 0; }'
      nft add rule inet closed input ${RULE}`),
  heal: ({ host }) => openToBalancer(host('ns-1')),
  expect: {
    status: 'cause-found',
    cause: 'dependency',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['dependency-unreachable', 'app-blames-dependency', 'dependency-slow'],
    hop: 'app',
    notSaid: [
      'database-connections',
      'overload',
      'deployment',
      'not-started',
      'routing',
      'deliberate',
      'certificate-expired',
    ],
  },
});

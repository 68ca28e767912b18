import { openToBalancer } from '../faults/firewall.js';
import { defineScenario } from '../scenario.js';

export default defineScenario({
  fault:
    'A rule against floods on every host lets six new connections a minute through to port 80 and drops the rest without a word; all users and all checks come from one address, that of the balancer.',
  because:
    'The balancer reports time-outs of its connections (L4TOUT), one in ten succeeds; nginx and the app have nothing to do and answer at once on their own host. What is missing never arrived: the counter of that rule grows with each try.',
  service: 'shop',
  users: [0, 503],
  settleSeconds: 8,
  inject: ({ web }) =>
    web.forEach((host) =>
      host.sh(`nft add table inet closed
        nft 'add chain inet closed input { type filter hook input priority 0; }'
        nft add rule inet closed input tcp dport 80 ct state new limit rate over 6/minute burst 1 packets counter drop`),
    ),
  heal: ({ web }) => web.forEach(openToBalancer),
  expect: {
    // A way that is closed, or a limit that somebody set: both are said of it.
    status: 'cause-found',
    confidence: ['confirmed', 'likely', 'possible'],
    root: ['member-unreachable', 'rate-limited'],
    hop: 'balancer',
    notSaid: ['not-started', 'overload', 'dependency', 'database-connections', 'deployment'],
  },
});

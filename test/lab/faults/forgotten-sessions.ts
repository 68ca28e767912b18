import type { LabHost } from '../host.js';

/**
 * What a firewall does that lost its table of connections: those that are open to this port from the hosts of the app
 * are dropped from now on, without a word to either end, and new ones are let through. `openToBalancer` undoes it.
 */
export const forgetSessions = (host: LabHost, port: number): void => {
  host.sh(`ports=$(ss -Htn state established 'sport = :${String(port)}' | awk '{ print $4 }' |
      grep '10.203.0.1[123]' | sed 's/.*://' | sort -u | paste -sd,)
    nft add table inet closed
    nft 'add chain inet closed input { type filter hook input priority 0; }'
    nft add rule inet closed input tcp dport ${String(port)} tcp sport "{ $ports }" drop`);
};

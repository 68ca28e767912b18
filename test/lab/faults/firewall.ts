import type { LabHost } from '../host.js';
import { HOSTS } from '../topology.js';

/** A host that lets everybody in but the balancer: it drops what the balancer sends to this port, or refuses it. */
export function closeToBalancer(host: LabHost, port: number, how: 'drop' | 'refuse'): void {
  const rule = `ip saddr ${HOSTS['lb-1'].address} tcp dport ${String(port)}`;
  host.sh(`nft add table inet closed
    nft 'add chain inet closed input { type filter hook input priority 0; }'
    nft add rule inet closed input ${rule} ${how === 'drop' ? 'drop' : 'reject with tcp reset'}`);
}

export const openToBalancer = (host: LabHost): void => {
  host.sh('nft delete table inet closed 2>/dev/null || :');
};

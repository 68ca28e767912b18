import type { LabHost } from '../host.js';

/** A firewall that lets everything through but SSH: the host serves, and cannot be looked at. */
export const blockSsh = (host: LabHost): void => {
  host.sh(`nft add table inet lab
    nft 'add chain inet lab input { type filter hook input priority 0; }'
    nft add rule inet lab input tcp dport 22 drop`);
};

export const allowSsh = (host: LabHost): void => {
  host.sh('nft delete table inet lab 2>/dev/null || :');
};

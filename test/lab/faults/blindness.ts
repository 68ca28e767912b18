import type { LabHost } from '../host.js';

/** By these groups an account reads journals and log files, and by `haproxy` the socket of the balancer. */
type Group = 'adm' | 'systemd-journal' | 'haproxy';

/** The account of diag503 is no longer in these groups on this host. */
export function takeGroups(host: LabHost, groups: readonly Group[]): void {
  host.sh(`for group in ${groups.join(' ')}; do
    if id -nG diag503 | tr ' ' '\\n' | grep -qx "$group"; then
      gpasswd -d diag503 "$group" >/dev/null; echo "$group" >>/root/taken-groups; fi; done`);
}

export function giveGroups(host: LabHost): void {
  host.sh(`if [ -e /root/taken-groups ]; then
    while read -r group; do usermod -aG "$group" diag503; done </root/taken-groups
    rm -f /root/taken-groups; fi`);
}

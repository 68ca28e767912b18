import type { LabHost } from '../host.js';
import { HOSTS } from '../topology.js';

const UNIT = 'lab-sidecar';
/** Through a proc of its own for a moment: the one that a host has is read-only there. */
const setRange = (range: string): string =>
  `unshare --mount sh -euc 'mount -t proc proc /mnt; echo ${range} >/mnt/sys/net/ipv4/ip_local_port_range'`;

/** A program that opens connections to the payment service and forgets them, as many as there are ports. */
const PROGRAM = `
import socket, sys, time
kept = []
while True:
    try:
        kept.append(socket.create_connection((sys.argv[1], 8443)))
    except OSError:
        time.sleep(0.05)
`;

/** A host with few ports of its own for what it calls, all of them in use towards the payment service. */
export function useUpLocalPorts(host: LabHost): void {
  host.sh(setRange('61000 61059'));
  const start = ['systemd-run', '-q', '--collect', `--unit=${UNIT}`, 'python3', '-c', PROGRAM];
  host.run(...start, HOSTS['pay-1'].address);
}

/** With the range that Linux has where nobody sets another. */
export function freeLocalPorts(host: LabHost): void {
  host.sh(`systemctl stop ${UNIT} 2>/dev/null || :; ${setRange('32768 60999')}`);
}

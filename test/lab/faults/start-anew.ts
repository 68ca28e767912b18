import type { LabHost } from '../host.js';

/**
 * Starts a unit anew whose processes may hang and not stop when asked. The stop goes first: killed without it they
 * would be started again. The main process goes before the others: on cgroup v1 systemd misses that a unit is empty when all
 * end at once, and waits for its timeouts. Afterwards counters and journal tell of no fault.
 */
export function startAnew(host: LabHost, unit: string): void {
  host.sh(`
    systemctl stop --no-block ${unit}
    systemctl kill --kill-whom=main --signal=KILL ${unit} 2>/dev/null || :
    sleep 0.3
    systemctl kill --signal=KILL ${unit} 2>/dev/null || :
    systemctl stop ${unit} || :
    systemctl reset-failed ${unit} 2>/dev/null || :
    systemctl start ${unit}
    journalctl -q --rotate --vacuum-time=1s`);
}

import type { LabHost } from '../host.js';

/**
 * Starts a unit anew whose processes may hang and not stop when asked. The stop goes first: killed without it they
 * would be started again. Afterwards counters and journal tell of no fault.
 */
export function startAnew(host: LabHost, unit: string): void {
  host.sh(`
    systemctl stop --no-block ${unit}
    systemctl kill --signal=KILL ${unit} 2>/dev/null || :
    systemctl stop ${unit}
    systemctl reset-failed ${unit} 2>/dev/null || :
    systemctl start ${unit}
    journalctl -q --rotate --vacuum-time=1s`);
}

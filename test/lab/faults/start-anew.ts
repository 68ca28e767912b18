import type { LabHost } from '../host.js';

/**
 * Starts a unit anew whose processes may hang and not stop when asked. Afterwards counters and journal tell of no fault.
 * On cgroup v1 systemd misses that a unit is empty when all its processes end at once, and waits until its time to stop
 * is over: for this once that is short.
 */
export function startAnew(host: LabHost, unit: string): void {
  const dropIn = `/run/systemd/system/${unit}.service.d`;
  host.sh(`
    mkdir -p ${dropIn}
    printf '[Service]\\nTimeoutStopSec=300ms\\n' >${dropIn}/lab-stop.conf
    systemctl daemon-reload
    systemctl stop --no-block ${unit}
    systemctl kill --signal=KILL ${unit} 2>/dev/null || :
    systemctl stop ${unit} || :
    rm -r ${dropIn}
    systemctl daemon-reload
    systemctl reset-failed ${unit} 2>/dev/null || :
    systemctl start ${unit}
    journalctl -q --rotate --vacuum-time=1s`);
}

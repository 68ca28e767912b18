import type { LabHost } from '../host.js';

/**
 * Starts a unit anew whose processes may hang or stand still. Gunicorn takes QUIT for an end at once. Who is killed goes
 * last: on cgroup v1 systemd misses that a unit is empty when all its processes end at once, and waits until its time to
 * stop is over. Afterwards counters and journal tell of no fault.
 */
export function startAnew(host: LabHost, unit: string): void {
  host.sh(`
    systemctl kill --signal=CONT ${unit} 2>/dev/null || :
    systemctl kill --kill-whom=main --signal=QUIT ${unit} 2>/dev/null || :
    timeout 6 systemctl stop ${unit} || {
      systemctl kill --signal=KILL ${unit} 2>/dev/null || :
      systemctl stop ${unit} || :
    }
    systemctl reset-failed ${unit} 2>/dev/null || :
    systemctl start ${unit}
    journalctl -q --rotate --vacuum-time=1s`);
}

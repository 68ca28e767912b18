import type { Service } from '../../model/service.js';
import { findUnit } from './find-unit.js';

/** More workers than this are not looked at one by one. */
export const MAX_PROCESSES = 64;

/** Sets `group` to the unit's cgroup path (from /sys/fs/cgroup/[CONTROLLER]); empty when it has none, as when stopped. */
export const findGroup = (service: Service): string => `${findUnit(service)}
group=
for base in /sys/fs/cgroup /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
  [ -n "$unit" ] && [ -d "$base/system.slice/$unit" ] && group=/system.slice/$unit && break
done
if [ -n "$unit" ] && [ -z "$group" ]; then
  group=$(systemctl show -p ControlGroup --value -- "$unit" 2>/dev/null)
fi`;

/**
 * Sets `pids` to the processes of the unit's cgroup (world-readable), or else to the listeners of the port,
 * and prints `unit NAME` and `processes COUNT`.
 */
export const findProcesses = (service: Service): string => `${findGroup(service)}
pids= count=0
if [ -n "$group" ]; then
  for file in /sys/fs/cgroup$group/cgroup.procs /sys/fs/cgroup$group/*/cgroup.procs \\
    /sys/fs/cgroup/systemd$group/cgroup.procs /sys/fs/cgroup/systemd$group/*/cgroup.procs; do
    [ -r "$file" ] || continue
    { while read -r pid; do
      count=$((count + 1))
      [ $count -le ${MAX_PROCESSES} ] && pids="$pids $pid"
    done <"$file"; } 2>/dev/null
  done
else
  for pid in $listeners; do
    case " $pids " in *" $pid "*) continue;; esac
    count=$((count + 1))
    [ $count -le ${MAX_PROCESSES} ] && pids="$pids $pid"
  done
fi
echo "unit $unit"
echo "processes $count"`;

import { servicePort, type Service } from '../../model/service.js';
import { quote } from '../define-probe.js';

const SUFFIX = /\.(service|socket|target|timer|scope|slice|path|mount|automount|swap|device)$/;

/** systemctl's own rule: a name without a type is a service. */
export const unitFileName = (unit: string): string => (SUFFIX.test(unit) ? unit : `${unit}.service`);

/**
 * Sets `unit` to the service's unit, and `listeners` to the processes on its port where they were looked up.
 * Without a unit in the inventory it is the one whose processes listen on the health URL's port. Needs root,
 * or (cgroup v2, kernel >= 5.8) compares the socket's cgroup id with the inodes of the units' folders.
 */
export function findUnit(service: Service): string {
  if (service.unit !== undefined) return `unit=${quote(unitFileName(service.unit))} listeners=`;
  const port = String(servicePort(service));
  return `if [ "\${sought-}" != ${port} ]; then\nsought=${port}\n${FIND_BY_PORT.replace('PORT', port)}\nfi`;
}

/** Snippets that share a shell look only once. */
const FIND_BY_PORT = `unit= listeners=
set --
rest=$(ss -Hltnpe --cgroup 'sport = :PORT' 2>/dev/null || ss -Hltnp 'sport = :PORT' 2>/dev/null)
case $rest in
*cgroup:/user.slice/*) ;;
*cgroup:/*.service*) unit=\${rest#*cgroup:}; unit=\${unit%%.service*}.service; unit=\${unit##*/};;
*cgroup:unreachable:*)
  id=\${rest#*cgroup:unreachable:}; id=$((0x\${id%%[!0-9a-f]*}))
  for dir in /sys/fs/cgroup/*.slice/*.service /sys/fs/cgroup/*.slice/*.slice/*.service; do
    case $dir in *user@*) continue;; esac
    [ -d "$dir" ] && set -- "$@" "$dir"
  done
  found=$(ls -di "$@" 2>/dev/null | grep "^ *$id ")
  unit=\${found##*/};;
esac
while :; do
  case $rest in
  *pid=*) rest=\${rest#*pid=}; listeners="$listeners \${rest%%[!0-9]*}";;
  *) break;;
  esac
done
for pid in $listeners; do
  [ -n "$unit" ] && break
  { while read -r group; do
    case $group in
    *:/user.slice/*) ;;
    0::/*.service*|*:name=systemd:/*.service*)
      group=\${group%.service*}.service; unit=\${group##*/};;
    esac
  done </proc/$pid/cgroup; } 2>/dev/null
done`;

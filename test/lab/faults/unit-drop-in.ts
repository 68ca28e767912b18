import type { LabHost } from '../host.js';

/** Lays a drop-in over a unit and starts the unit anew, as somebody would who has just changed it. */
export function changeUnit(host: LabHost, unit: string, lines: readonly string[]): void {
  layDropIn(host, unit, lines);
  // Its start may fail, and mostly shall: only systemd waits for it.
  host.sh(`systemctl daemon-reload; systemctl restart --no-block ${unit}`);
}

export function layDropIn(host: LabHost, unit: string, lines: readonly string[]): void {
  const folder = `/etc/systemd/system/${unit}.service.d`;
  host.run('sh', '-euc', `mkdir -p "$1"; printf '%s\\n' "$2" >"$1/lab.conf"`, 'sh', folder, lines.join('\n'));
}

/** Takes the unit's file away, and leaves what `put` is: nothing, or a link to /dev/null, which is what masking does. */
export function removeUnitFile(host: LabHost, unit: string, put: 'nothing' | 'mask'): void {
  const file = `/etc/systemd/system/${unit}.service`;
  host.sh(`systemctl stop ${unit}; mv ${file} ${file}.kept`);
  if (put === 'mask') host.run('ln', '-s', '/dev/null', file);
  host.run('systemctl', 'daemon-reload');
}

/** Undoes all of the above, and starts the unit whatever state it is in. */
export function restoreUnit(host: LabHost, unit: string): void {
  const file = `/etc/systemd/system/${unit}.service`;
  host.sh(`
    rm -rf ${file}.d
    [ ! -e ${file}.kept ] || mv -f ${file}.kept ${file}
    systemctl daemon-reload
    systemctl reset-failed ${unit} 2>/dev/null || :
    systemctl restart ${unit}`);
}

import type { LabHost } from '../host.js';

/** A bug that has been in the release all the time and shows only now. Nothing looks newer than it was. */
export function wakeBug(host: LabHost, unit: 'shop' | 'desk', file: string, edit: string): void {
  host.sh(`cd /srv/${unit}/current
    [ -e ../.kept ] || cp -p ${file} ../.kept
    sed -i '${edit}' ${file}
    touch -r ../.kept ${file} .
    pkill -HUP -o -f "gunicorn.*$(systemctl show -P ExecStart ${unit} | grep -o '[a-z]*:app[a-z]*')"`);
}

export function bugSleeps(host: LabHost, unit: 'shop' | 'desk', file: string): void {
  host.sh(`cd /srv/${unit}/current
    [ ! -e ../.kept ] || mv -f ../.kept ${file}
    touch -r ${file} . ..`);
}

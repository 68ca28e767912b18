import type { Lab } from '../lab.js';
import { HOST_NAMES } from '../topology.js';

const GROUPS = ['adm', 'systemd-journal', 'haproxy'];

/** What the account of diag503 may read beyond what anybody may: nothing. */
export function takeRights(lab: Lab): void {
  for (const name of HOST_NAMES) lab.host(name).sh(`id -nG diag503 >/root/groups; usermod -G '' diag503`);
  asPostgres(lab, 'revoke pg_monitor from diag503');
}

export function giveRights(lab: Lab): void {
  for (const name of HOST_NAMES)
    lab.host(name).sh(`[ ! -e /root/groups ] || for group in ${GROUPS.join(' ')}; do
      grep -qw "$group" /root/groups && usermod -aG "$group" diag503; done; rm -f /root/groups`);
  asPostgres(lab, 'grant pg_monitor to diag503');
}

const asPostgres = (lab: Lab, statement: string): void => {
  lab.host('db-1').run('su', 'postgres', '-c', `psql -qc '${statement}'`);
};

import type { Lab } from '../lab.js';
import { sql } from '../faults/sql.js';
import { askBalancer } from '../wellness.js';

/** Which run of these units it is, on every web host. */
export const invocationsOf = ({ web }: Lab, ...units: string[]): string =>
  web
    .map((host) => `${host.name} ${host.run('systemctl', 'show', '-P', 'InvocationID', ...units).trim()}`)
    .join('\n');

/** Sessions of other logins, with their start. */
export const sessionsOf = (lab: Lab, user: string): string =>
  sql(
    lab,
    `select pid, backend_start from pg_stat_activity where usename = '${user}' and application_name = 'neighbour' order by pid`,
  );

export const statesOf = (lab: Lab, pool: string): string =>
  askBalancer(lab, `show servers state ${pool}`)
    .split('\n')
    .flatMap((line) => {
      const [, , , name, , operational, administrative] = line.split(' ');
      return name?.startsWith('web-') === true
        ? [`${name} ${operational ?? ''} ${administrative ?? ''}`]
        : [];
    })
    .join('\n');

/** Which releases are there, and which of them is linked. */
export const releasesOf = ({ web }: Lab, service: 'shop' | 'desk'): string =>
  web
    .map(
      (host) =>
        `${host.name} ${host.sh(`readlink /srv/${service}/current; ls /srv/${service}/releases`).trim()}`,
    )
    .join('\n');

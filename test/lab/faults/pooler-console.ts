import type { Lab } from '../lab.js';

/** As its own login on the pooler's host, which PgBouncer takes for an administrator. */
export const tellPooler = (
  lab: Lab,
  command: 'PAUSE' | 'RESUME' | 'DISABLE' | 'ENABLE' | 'RECONNECT',
): void => {
  const psql = 'psql -qX -h /run/postgresql -p 6432 -U pgbouncer -c "$1 desk" pgbouncer';
  lab.host('pool-1').run('runuser', '-u', 'postgres', '--', 'sh', '-c', psql, 'sh', command);
};

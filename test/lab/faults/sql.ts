import type { Lab } from '../lab.js';

const DATABASE_HOST = 'db-1';

/** As the superuser, on the database's own host: the slots kept for superusers are for this. */
export const sql = (lab: Lab, statement: string, database = 'postgres'): string =>
  lab
    .host(DATABASE_HOST)
    .run(...['runuser', '-u', 'postgres', '--', 'psql', '-qAt', '-v', 'ON_ERROR_STOP=1'], ...['-d', database, '-c', statement]);

/** Ends the sessions of a login; whoever wants one asks anew. */
export const endSessions = (lab: Lab, user: string): string =>
  sql(lab, `select count(pg_terminate_backend(pid)) from pg_stat_activity where usename = '${user}'`);

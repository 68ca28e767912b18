import type { Lab } from '../lab.js';

const DATABASE_HOST = 'db-1';

/**
 * As the superuser, on the database's own host: the slots kept for superusers are for this. Logins that are about to be
 * refused hold one for a moment, so it asks again.
 */
export const sql = (lab: Lab, statement: string, database = 'postgres'): string => {
  const psql = 'runuser -u postgres -- psql -qAt -v ON_ERROR_STOP=1 -d "$1" -c "$2"';
  const script = `for i in 1 2 3 4 5 6 7 8 9; do ${psql} && exit 0; sleep 0.3; done; exit 1`;
  return lab.host(DATABASE_HOST).run('sh', '-c', script, 'sh', database, statement);
};

/** Ends the sessions of a login; whoever wants one asks anew. */
export const endSessions = (lab: Lab, user: string): string =>
  sql(lab, `select count(pg_terminate_backend(pid)) from pg_stat_activity where usename = '${user}'`);

/** Waits until a login has that many sessions. */
export function untilSessions(lab: Lab, user: string, count: number): void {
  const deadline = Date.now() + 20_000;
  const ask = `select count(*) from pg_stat_activity where usename = '${user}'`;
  while (Number(sql(lab, ask)) < count)
    if (Date.now() > deadline) throw new Error(`${user} did not get ${String(count)} sessions.`);
}

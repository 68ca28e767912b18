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

/** `max_connections` of the lab's database less the slots for superusers. */
const USABLE_SLOTS = 27;

/** Waits until no ordinary login gets a session any more. */
export function untilNoSlotIsLeft(lab: Lab): void {
  const deadline = Date.now() + 20_000;
  const ask =
    "select count(*) from pg_stat_activity where backend_type = 'client backend' and usename <> 'postgres'";
  while (Number(sql(lab, ask)) < USABLE_SLOTS)
    if (Date.now() > deadline) throw new Error('The database still has a slot left.');
}

import type { Lab } from '../lab.js';

/** A migration tool's session on the database of the shop: one transaction that holds its lock for minutes. */
export function startMigration({ host }: Lab, statement: string): void {
  const session = 'PGAPPNAME=alembic PGPASSWORD=shop-secret psql -h 10.203.0.21 -U shop shop';
  const sql = `begin; ${statement}; select pg_sleep(600);`;
  host('db-1').start('sh', '-c', `${session} -c "${sql}"`);
}

export const endMigration = ({ host }: Lab): void => {
  const end = "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'alembic'";
  host('db-1').run('su', 'postgres', '-c', `psql -qtc "${end}" shop`);
};

import type { Lab } from '../lab.js';

/**
 * Sessions of somebody else: psql on the database's own host, which says this and keeps its connection. Who is refused asks
 * some times more: a look of the lab's own may hold the last slot for a moment.
 */
export function openSessions(lab: Lab, database: 'shop' | 'desk', statements: string, count = 1): void {
  const said = statements
    .split(/;\s*/)
    .filter((statement) => statement !== '')
    .map((statement) => `-c "${statement}"`);
  const psql = `psql -qX -U ${database} -h 127.0.0.1 ${said.join(' ')} -c '\\! sleep 150' ${database}`;
  const script = `export PGAPPNAME=report PGPASSWORD=${database}-secret
    for i in $(seq ${String(count)}); do (for try in 1 2 3 4 5; do ${psql} && break; sleep 1; done) & done; wait`;
  lab
    .host('db-1')
    .run('systemd-run', '-q', '--collect', `--unit=lab-sessions-${String(Date.now())}`, 'sh', '-c', script);
}

export const endSessions = (lab: Lab): void => {
  lab.host('db-1').sh(`
    systemctl kill --signal=KILL 'lab-sessions-*' 2>/dev/null || :
    su postgres -c "psql -qtc \\"select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'report'\\"" >/dev/null`);
};

import type { Lab } from '../lab.js';

/** Sessions of somebody else: psql on the database's own host, which says this and keeps its connection. */
export function openSessions(lab: Lab, database: 'shop' | 'desk', statements: string, count = 1): void {
  const command = `(echo "${statements}"; sleep 150) | PGAPPNAME=report psql -qX -U ${database} -h 127.0.0.1 ${database}`;
  const script = `export PGPASSWORD=${database}-secret; for i in $(seq ${String(count)}); do ${command} & done; wait`;
  lab
    .host('db-1')
    .run('systemd-run', '-q', '--collect', `--unit=lab-sessions-${String(Date.now())}`, 'sh', '-c', script);
}

export const endSessions = (lab: Lab): void => {
  lab.host('db-1').sh(`
    systemctl kill --signal=KILL 'lab-sessions-*' 2>/dev/null || :
    su postgres -c "psql -qtc \\"select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'report'\\"" >/dev/null`);
};

import type { Lab } from '../lab.js';
import { HOSTS } from '../topology.js';
import { endProgram } from './background-program.js';
import { endSessions, sql } from './sql.js';

const UNIT = 'lab-load-test';
const SCRIPT = '/root/load-test.sql';
const PGBENCH = '/usr/lib/postgresql/15/bin/pgbench -n -c 1 -T 900';

/** A colleague measures the database server with pgbench, in a database of its own, in so many sessions; who gets none asks again. */
export function startLoadTest(lab: Lab, sessions: number): void {
  sql(lab, "create role bench login password 'bench-secret'");
  sql(lab, 'create database bench owner bench');
  const host = lab.host('cache-1');
  host.sh(`printf 'select 1;\\n\\\\sleep 500 ms\\n' >${SCRIPT}`);
  const url = `postgresql://bench:bench-secret@${HOSTS['db-1'].address}/bench`;
  const one = `while :; do ${PGBENCH} -f ${SCRIPT} ${url} >/dev/null 2>&1 || :; sleep 0.6; done`;
  const all = `for i in $(seq ${String(sessions)}); do (${one}) & done; wait`;
  host.run(
    ...['systemd-run', '-q', '--collect', `--unit=${UNIT}`, '--property=TimeoutStopSec=3'],
    ...['sh', '-c', all],
  );
}

export function endLoadTest(lab: Lab): void {
  const host = lab.host('cache-1');
  endProgram(host, UNIT);
  host.run('rm', '-f', SCRIPT);
  endSessions(lab, 'bench');
  sql(lab, 'drop database if exists bench with (force)');
  sql(lab, 'drop role if exists bench');
}

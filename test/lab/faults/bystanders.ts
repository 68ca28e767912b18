import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { LabHost } from '../host.js';
import { KEPT, type Lab } from '../lab.js';
import { HOSTS } from '../topology.js';
import { endProgram, startProgram } from './background-program.js';
import { changeBalancer } from './balancer-config.js';
import { redis } from './redis.js';
import { endSessions, openSessions } from './sql-session.js';
import { sql } from './sql.js';

/** True and striking facts that have nothing to do with what users get. */

const INDEXER = 'lab-indexer';
const MONITOR = 'lab-monitor';
const READER = 'lab-reports-reader';

const INDEX_CODE = `
import sys, time
kept = []
print("indexer: building the index of pictures", file=sys.stderr, flush=True)
while True:
    kept.append(b"x" * (1 << 20))
    time.sleep(0.05)
`;

/** An indexer of pictures beside the app that is killed at the limit of its own unit, again and again. */
export function startKilledIndexer(host: LabHost): void {
  const limits = ['-p', 'MemoryMax=24M', '-p', 'Restart=always', '-p', 'RestartSec=3'];
  host.run(
    ...['systemd-run', '-q', `--unit=${INDEXER}`, ...limits, '--property=TimeoutStopSec=3'],
    ...['python3', '-c', INDEX_CODE],
  );
}

export function endKilledIndexer(host: LabHost): void {
  endProgram(host, INDEXER);
  host.sh('journalctl -q --rotate --vacuum-time=1s');
}

/** A job keeps the table of the exports locked in a transaction that it forgot, and three more wait for it. No page needs that table. */
export function lockExports(lab: Lab, database: 'shop' | 'desk'): void {
  sql(lab, 'create table if not exists exports (id int)', database);
  sql(lab, `alter table exports owner to ${database}`, database);
  openSessions(lab, database, 'begin; lock table exports;');
  const deadline = Date.now() + 10_000;
  const held = "select count(*) from pg_locks where relation = 'exports'::regclass and granted";
  while (Number(sql(lab, held, database)) === 0)
    if (Date.now() > deadline) throw new Error('Nobody locked the table of the exports.');
  openSessions(lab, database, 'update exports set id = 1;', 3);
}

export function unlockExports(lab: Lab, database: 'shop' | 'desk'): void {
  endSessions(lab);
  sql(lab, 'drop table if exists exports', database);
}

const REDIS_MONITOR = `
import redis, sys, time
client = redis.Redis("cache.lab.test", password="cache-2023", socket_timeout=2, socket_connect_timeout=2)
while True:
    try:
        client.ping()
    except redis.RedisError as error:
        print("monitor: redis: %s" % error, file=sys.stderr, flush=True)
    time.sleep(0.3)
`;

/** A monitoring with an old password that Redis refuses several times a second. */
export const startRefusedMonitor = ({ host }: Lab): void =>
  startProgram(host('ns-1'), MONITOR, REDIS_MONITOR);

export function endRefusedMonitor(lab: Lab): void {
  endProgram(lab.host('ns-1'), MONITOR);
  redis(lab, 'ACL', 'LOG', 'RESET');
}

const POOLER_MONITOR = `
import psycopg2, sys, time
while True:
    try:
        psycopg2.connect("postgresql://desk:desk-2023@pool.lab.test:6432/desk", connect_timeout=2).close()
    except psycopg2.Error as error:
        print("monitor: desk: %s" % str(error).strip(), file=sys.stderr, flush=True)
    time.sleep(0.4)
`;

/** A monitoring that calls PgBouncer with the login of the desk and the password of last year. */
export const startRefusedLogins = ({ host }: Lab): void =>
  startProgram(host('cache-1'), MONITOR, POOLER_MONITOR);

export const endRefusedLogins = ({ host }: Lab): void => endProgram(host('cache-1'), MONITOR);

const DOWN_POOL = [
  's,^    use_backend desk .*,&\\n    use_backend reports if { hdr(host) -i reports.lab.test },',
  's,^backend shop$,backend reports\\n    server reports-1 10.203.0.11:9300 check\\n    server reports-2 10.203.0.12:9300 check\\n\\n&,',
].join('; ');

const READ_REPORTS = `
import time, urllib.request
while True:
    try:
        request = urllib.request.Request("http://${HOSTS['lb-1'].address}/monthly", headers={"Host": "reports.lab.test"})
        urllib.request.urlopen(request, timeout=5).read()
    except OSError:
        pass
    time.sleep(0.7)
`;

/** Another pool of the balancer whose members are all down, and somebody who asks for it and gets 503. Undone with `restoreBalancer`. */
export function addDownPool(lab: Lab): void {
  changeBalancer(lab, DOWN_POOL);
  startProgram(lab.host('pay-1'), READER, READ_REPORTS);
}

export const endReaderOfDownPool = ({ host }: Lab): void => endProgram(host('pay-1'), READER);

/** The certificate of the payment service is valid for one more day. `useCertificate` with the usual one undoes it. */
export function showNearlyExpired(lab: Lab): void {
  const authority = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial'];
  const request = ['-in', 'server.csr', '-extfile', 'names', '-days', '1', '-out', 'one-day.crt'];
  execFileSync('openssl', ['x509', '-req', ...request, ...authority], { cwd: KEPT, stdio: 'pipe' });
  const text = readFileSync(path.join(KEPT, 'one-day.crt'), 'utf8');
  const script = 'printf "%s" "$1" >/srv/payments/server.crt; systemctl restart payments';
  lab.host('pay-1').run('sh', '-euc', script, 'sh', text);
}

import { postgresAddress } from '../clients/postgres-address.js';
import { greetPostgres, inPostgres, type PostgresQuery } from '../clients/postgres.js';
import { defineServiceProbe } from './define-probe.js';
import {
  DependencyAnswer,
  dependencyOf,
  dependencyPlaces,
  refuseForeignLoopback,
} from './dependency-answer.js';
import { runningNow } from '../clients/running-time.js';

/** With `database-sessions` that makes three at most, the limit in docs/security.md: more hosts only ask whether it speaks PostgreSQL. */
const LOGIN_HOSTS = 2;

/** Whether PostgreSQL lets us in and answers. `pg_isready` says yes with every slot taken, so this is a real login. */
export const postgresDependency = defineServiceProbe({
  id: 'postgres-dependency',
  fact: DependencyAnswer,
  fallback: 'worker',
  timeoutMs: 5000,
  places: (service) => dependencyPlaces(service, 'postgres'),
  source: (service, place) => {
    const { host, port, user, database } = postgresAddress(dependencyOf(service, 'postgres', place).url);
    const command = logsIn(service.hosts, place.from)
      ? ` -c 'select pg_is_in_recovery()'`
      : ' -c (SSLRequest only)';
    return `psql -h ${host} -p ${String(port)} -U ${user} ${database}${command}`;
  },

  async read({ service, place, network, signal }) {
    const { url } = dependencyOf(service, 'postgres', place);
    const { host, port } = postgresAddress(url);
    refuseForeignLoopback(host, place, network);
    const session = logsIn(service.hosts, place.from)
      ? await inPostgres(network, url, signal, readState)
      : { ...(await greetPostgres(network, url, signal)), result: null };
    const { rung, failure, loginMs, certificateExpiresAt, result } = session;
    return {
      kind: 'postgres' as const,
      address: host.startsWith('/') ? host : `${host}:${String(port)}`,
      rung,
      failure,
      latencyMs: result?.queryMs ?? loginMs,
      certificateExpiresAt,
      details: { loginMs, ...result },
      lines: failure ? [failure.message] : [`logged in in ${String(loginMs)} ms`, ...(result?.lines ?? [])],
    };
  },
});

const logsIn = (hosts: readonly string[], host: string): boolean => hosts.indexOf(host) < LOGIN_HOSTS;

const STATE = `select pg_is_in_recovery() recovering, current_setting('server_version') version`;

const readState = async (query: PostgresQuery) => {
  const asked = runningNow();
  const [row] = await query(STATE);
  const queryMs = Math.round((runningNow() - asked) * 100) / 100;
  const inRecovery = row?.['recovering'] === true;
  return {
    queryMs,
    inRecovery,
    version: String(row?.['version']),
    lines: [`pg_is_in_recovery = ${inRecovery ? 't' : 'f'}`],
  };
};

import type { RemediationRule } from '../../model/service.js';

/** $1 process ids, $2 their sessions' starts, $3 the time after which it does nothing. */
export const END_SESSIONS =
  'select pid, ended from diag503_act.end_idle_sessions($1::int[], $2::timestamptz[], $3::timestamptz)';

export const SESSIONS_LEFT = `select count(*)::int remaining
from unnest($1::int[], $2::timestamptz[]) as wanted (pid, backend_start)
join pg_stat_activity a using (pid, backend_start)`;

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/**
 * What a database administrator installs: the whole right of the bot to end anything. Whose sessions, how long they must
 * have been idle and how many at once is decided here and not by the caller; each session is looked at again in the same
 * statement that ends it, so that a process id which somebody else got meanwhile is left alone.
 */
export const endSessionsFunction = (
  login: string,
  { users = [], idleSeconds, atMost }: Pick<RemediationRule, 'users' | 'idleSeconds' | 'atMost'>,
): string => `-- A role belongs to the whole server: another service's database may have made it already.
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'diag503_ender') THEN CREATE ROLE diag503_ender NOLOGIN; END IF;
END $$;
GRANT pg_signal_backend, pg_read_all_stats TO diag503_ender;
CREATE SCHEMA IF NOT EXISTS diag503_act;
CREATE OR REPLACE FUNCTION diag503_act.end_idle_sessions(pids int[], starts timestamptz[], not_after timestamptz)
RETURNS TABLE (pid int, ended boolean) LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog AS $$
  WITH found AS MATERIALIZED (
    SELECT a.pid FROM unnest(pids, starts) AS wanted (pid, backend_start)
    JOIN pg_stat_activity a ON a.pid = wanted.pid AND a.backend_start = wanted.backend_start
    WHERE clock_timestamp() < not_after
      AND a.backend_type = 'client backend'
      AND a.state LIKE 'idle in transaction%'
      AND clock_timestamp() - a.state_change >= interval '${Math.floor(idleSeconds)} s'
      AND a.usename IN (${users.map(literal).join(', ')})
      AND a.datname = current_database()
      AND a.pid <> pg_backend_pid()
    ORDER BY a.state_change LIMIT ${Math.floor(atMost)}
  )
  SELECT found.pid, pg_terminate_backend(found.pid) FROM found
$$;
GRANT CREATE ON SCHEMA diag503_act TO diag503_ender;
ALTER FUNCTION diag503_act.end_idle_sessions OWNER TO diag503_ender;
REVOKE CREATE ON SCHEMA diag503_act FROM diag503_ender;
REVOKE ALL ON FUNCTION diag503_act.end_idle_sessions FROM PUBLIC;
GRANT USAGE ON SCHEMA diag503_act TO "${login.replaceAll('"', '""')}";
GRANT EXECUTE ON FUNCTION diag503_act.end_idle_sessions TO "${login.replaceAll('"', '""')}";`;

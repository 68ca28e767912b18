/**
 * Needs pg_monitor to see the states of other roles' sessions; without it `backend_type` and `state` are null, and such
 * sessions are counted as hidden. Our own session is never counted.
 */
export const USAGE = `
select count(*)::int used,
  (current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
    - coalesce(current_setting('reserved_connections', true)::int, 0))::int usable,
  current_setting('max_connections')::int "maxConnections",
  (count(*) filter (where state = 'active'))::int active,
  (count(*) filter (where state = 'idle'))::int idle,
  (count(*) filter (where state like 'idle in transaction%'))::int "idleInTransaction",
  (count(*) filter (where state like 'idle in transaction%' and now() - state_change > interval '30 s'))::int "idleInTransactionOld",
  to_char((min(state_change) filter (where state like 'idle in transaction%')) at time zone 'utc',
    'YYYY-MM-DD"T"HH24:MI:SS"Z"') "oldestIdleInTransactionAt",
  (select count(distinct pid)::int from pg_locks where not granted and pid <> pg_backend_pid()) "waitingForLock",
  (count(*) filter (where backend_type is null))::int hidden,
  (count(*) filter (where state = 'active' and now() - query_start > interval '5 s'))::int "activeLong"
from pg_stat_activity
where pid <> pg_backend_pid()
  and (backend_type = 'client backend' or (backend_type is null and datid is not null))`;

export const GROUPS = `
select usename::text "user", application_name application, host(client_addr) client, state, count(*)::int count,
  round(max(extract(epoch from now() - state_change))::numeric, 1)::float8 "longestSeconds"
from pg_stat_activity
where pid <> pg_backend_pid()
  and (backend_type = 'client backend' or (backend_type is null and datid is not null))
group by 1, 2, 3, 4 order by 5 desc limit 15`;

/**
 * Who waits is told to every role by pg_locks, unlike the state of a session. pg_blocking_pids stops the lock manager for a
 * moment: only asked for those that wait, once.
 */
export const BLOCKING = `
with waiting as materialized (
  select pid, pg_blocking_pids(pid) blocked_by
  from (select distinct pid from pg_locks where not granted and pid <> pg_backend_pid() limit 200) w
)
select a.pid, a.usename::text "user", a.application_name application, host(a.client_addr) client, a.state,
  a.wait_event_type "waitEventType", coalesce(w.blocked_by, '{}') "blockedBy",
  round(extract(epoch from now() - a.xact_start)::numeric, 1)::float8 "transactionSeconds",
  to_char(a.xact_start at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') "transactionStartedAt",
  round(extract(epoch from now() - a.state_change)::numeric, 1)::float8 "stateSeconds",
  left(coalesce(a.query, ''), 120) query
from pg_stat_activity a left join waiting w using (pid)
where w.pid is not null or a.pid in (select unnest(blocked_by) from waiting)
order by cardinality(coalesce(w.blocked_by, '{}')), a.xact_start limit 30`;

/** Limits of their own that roles and the database have, with what is used of them. Ours is no limit of the app. */
export const LIMITS = `
select 'role' kind, rolname::text name, rolconnlimit "limit",
  (count(a.pid))::int used, (count(a.pid) filter (where a.datname = current_database()))::int "usedHere"
from pg_roles left join pg_stat_activity a on a.usename = rolname
where rolconnlimit >= 0 and rolname <> current_user
group by 1, 2, 3
union all
select 'database', d.datname::text, datconnlimit, (count(a.pid))::int, (count(a.pid))::int
from pg_database d left join pg_stat_activity a on a.datname = d.datname and a.pid <> pg_backend_pid()
where datconnlimit >= 0 and d.datname = current_database()
group by 1, 2, 3
order by 4 desc limit 20`;

/** By name, so that one of them can be ended and no other. Only of this database: others may belong to anybody. */
export const IDLE = `
select pid, to_char(backend_start at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') "startedAt",
  usename::text "user", application_name application, host(client_addr) client,
  round(extract(epoch from now() - state_change)::numeric, 1)::float8 "idleSeconds"
from pg_stat_activity
where state like 'idle in transaction%' and backend_type = 'client backend' and datname = current_database()
  and pid <> pg_backend_pid()
order by state_change limit 200`;

/** PgBouncer, asked at its console. */
export const POOLS = 'SHOW POOLS';
export const POOLED_DATABASES = 'SHOW DATABASES';

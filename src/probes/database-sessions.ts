import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import {
  isPooler,
  POOLER_CONSOLE,
  postgresAddress,
  type PostgresAddress,
} from '../clients/postgres-address.js';
import { inPostgres, type PostgresFailure, type PostgresQuery } from '../clients/postgres.js';
import type { Network } from '../clients/host-connection.js';
import { ClientError } from '../model/client-error.js';
import type { Service } from '../model/service.js';
import { ANY_HOST, defineServiceProbe } from './define-probe.js';
import { refuseForeignLoopback } from './dependency-answer.js';
import { BLOCKING, GROUPS, IDLE, LIMITS, POOLED_DATABASES, POOLS, USAGE } from './sql/database-sessions.js';

const Usage = z.object({
  /** Client sessions without our own. */
  used: z.int().nonnegative(),
  /** For ordinary roles: max_connections less what is reserved. */
  usable: z.int(),
  maxConnections: z.int(),
  active: z.int(),
  idle: z.int(),
  idleInTransaction: z.int(),
  /** Of these, unchanged for 30 s. */
  idleInTransactionOld: z.int(),
  oldestIdleInTransactionAt: z.string().nullable(),
  waitingForLock: z.int(),
  /** Sessions whose state our role may not see: GRANT pg_monitor would show it. */
  hidden: z.int(),
  /** Sessions that run one statement for more than 5 s. */
  activeLong: z.int(),
});

const Group = z.object({
  user: z.string().nullable(),
  application: z.string().nullable(),
  client: z.string().nullable(),
  state: z.string().nullable(),
  count: z.int(),
  longestSeconds: z.number().nullable(),
  line: z.string(),
});

const LockSession = z.object({
  pid: z.int(),
  user: z.string().nullable(),
  application: z.string().nullable(),
  client: z.string().nullable(),
  state: z.string().nullable(),
  waitEventType: z.string().nullable(),
  /** Empty for the one that all others wait for. */
  blockedBy: z.array(z.int()),
  transactionSeconds: z.number().nullable(),
  transactionStartedAt: z.string().nullable(),
  stateSeconds: z.number().nullable(),
  query: z.string(),
  line: z.string(),
});

const Limit = z.object({
  kind: z.enum(['role', 'database']),
  name: z.string(),
  limit: z.int(),
  used: z.int(),
  /** Of these, in the database of the service. Runs that were stored before this was read: unknown, so none. */
  usedHere: z.int().default(0),
});

/** One that sits idle in a transaction in the service's own database; `pid` and start together name it for ever. */
const IdleSession = z.object({
  pid: z.int(),
  startedAt: z.iso.datetime({ precision: 6 }),
  user: z.string().nullable(),
  application: z.string().nullable(),
  client: z.string().nullable(),
  idleSeconds: z.number(),
});

const Pool = z.object({
  database: z.string(),
  user: z.string(),
  clientsActive: z.int(),
  clientsWaiting: z.int(),
  serversActive: z.int(),
  serversIdle: z.int(),
  serversLogin: z.int(),
  maxWaitSeconds: z.number(),
  /** `PAUSE`: it gives no server connection to anybody until `RESUME`. */
  paused: z.boolean().default(false),
  line: z.string(),
});

/** Who holds the service's database connections, and who waits for whom. */
export const DatabaseSessions = z.object({
  /** `user@host:port/database`. */
  address: z.string(),
  /** The server's refusal of our own login because no connection was left: then there is nothing below. */
  refused: z.object({ code: z.string().nullable(), message: z.string() }).nullable(),
  /** Two samples, 300 ms apart; empty when refused. */
  usage: z.array(Usage),
  groups: z.array(Group),
  lockSessions: z.array(LockSession),
  limits: z.array(Limit),
  /** The longest idle first; left out where nobody looked. */
  idleSessions: z.array(IdleSession).optional(),
  /** PgBouncer's pools, where the URL leads to one and it lets us ask. */
  pools: z.array(Pool).nullable(),
});
export type DatabaseSessions = z.infer<typeof DatabaseSessions>;

const SECOND_SAMPLE_MS = 300;

export const databaseSessions = defineServiceProbe({
  id: 'database-sessions',
  fact: DatabaseSessions,
  fallback: 'worker',
  timeoutMs: 5000,
  places: ({ database }) =>
    database ? [{ target: { kind: 'dependency', name: 'database' }, from: ANY_HOST }] : [],
  source: (service) => `pg_stat_activity of ${postgresAddress(databaseUrl(service)).label}`,

  async read({ service, place, network, signal }) {
    const url = databaseUrl(service);
    const address = postgresAddress(url);
    const { host, label } = address;
    refuseForeignLoopback(host, place, network);
    // At once: a paused pooler lets us in and holds our question back until there is no time left for another.
    const [session, told] = await Promise.all([
      inPostgres(network, url, signal, (query) => readSessions(query, signal)),
      isPooler(address) ? readPools(network, url, signal) : null,
    ]);
    const refused = session.failure && refusal(session.failure);
    if (session.failure && !refused && !isHeldBack(session.failure, told, address))
      throw unread(session.failure, label);
    const pools = session.failure?.code === '08P01' ? await readPools(network, url, signal) : told;
    return { address: label, refused, ...(session.result ?? NOTHING), pools };
  },
});

const NOTHING = { usage: [], groups: [], lockSessions: [], limits: [] };

const databaseUrl = ({ database, name }: Service): string => {
  if (!database) throw new ClientError('malformed', `${name} has no database`);
  return database.url;
};

const readSessions = async (query: PostgresQuery, signal: AbortSignal) => {
  const first = z
    .array(Usage)
    .length(1)
    .parse(await query(USAGE));
  const groups = withLines(await query(GROUPS));
  const lockSessions = withLines(await query(BLOCKING));
  const limits = await query(LIMITS);
  const idleSessions = await query(IDLE);
  await sleep(SECOND_SAMPLE_MS, undefined, { signal });
  // Within a transaction, which a pooler makes us open, the first sample would be shown again.
  await query('select pg_stat_clear_snapshot()');
  const second = z
    .array(Usage)
    .length(1)
    .parse(await query(USAGE));
  return {
    usage: [...first, ...second],
    groups: z.array(Group).parse(groups),
    lockSessions: z.array(LockSession).parse(lockSessions),
    limits: z.array(Limit).parse(limits),
    idleSessions: z.array(IdleSession).parse(idleSessions),
  };
};

/** Not for a lack of slots, but of slots for us: the text says which. 08P01 is PgBouncer's own. */
const refusal = ({ code, message }: PostgresFailure) =>
  code === '53300' || (code === '08P01' && /no more connections|query_wait_timeout/.test(message))
    ? { code, message }
    : null;

/** The ladder of it is the business of `postgres-dependency`; here there is only nothing to count. */
const unread = ({ rung, kind, message, code: state }: PostgresFailure, label: string): ClientError => {
  // It let us in and refused the question itself.
  if (rung === 'answer' && state !== null) return new ClientError('malformed', `${label}: ${message}`);
  const code = kind === 'denied' ? 'denied' : kind === 'timeout' ? 'timeout' : 'unreachable';
  return new ClientError(code, `${label}: ${message} (${rung})`);
};

/** Null where the console refuses us: PgBouncer's `stats_users` would allow it. */
const readPools = async (network: Network, url: string, signal: AbortSignal) => {
  const console = new URL(url);
  console.pathname = `/${POOLER_CONSOLE}`;
  const session = await inPostgres(network, console.href, signal, async (query) => ({
    pools: await query(POOLS),
    databases: await query(POOLED_DATABASES),
  }));
  if (!session.result) return null;
  const { pools, databases } = session.result;
  const paused = new Set(databases.flatMap((row) => (Number(row['paused']) === 1 ? [row['name']] : [])));
  return z.array(Pool).parse(pools.map((row) => ({ ...asPool(row), paused: paused.has(row['database']) })));
};

/** The pooler itself tells why it gives us nothing: it is paused, or others wait as well for the same database. */
const isHeldBack = (
  { kind }: PostgresFailure,
  pools: DatabaseSessions['pools'],
  { user: ownUser, database }: PostgresAddress,
): boolean =>
  pools?.some(
    (pool) =>
      pool.paused ||
      (kind === 'timeout' &&
        pool.database === database &&
        pool.user !== ownUser &&
        pool.clientsWaiting > 0 &&
        pool.maxWaitSeconds >= 1),
  ) === true;

const asPool = (row: Record<string, unknown>) => ({
  database: row['database'],
  user: row['user'],
  clientsActive: Number(row['cl_active']),
  clientsWaiting: Number(row['cl_waiting']),
  serversActive: Number(row['sv_active']),
  serversIdle: Number(row['sv_idle']),
  serversLogin: Number(row['sv_login']),
  maxWaitSeconds: Number(row['maxwait']),
  line: asLine(row),
});

const withLines = (rows: Record<string, unknown>[]) => rows.map((row) => ({ ...row, line: asLine(row) }));

/** One row as psql would show it. */
const asLine = (row: Record<string, unknown>): string =>
  Object.values(row)
    .map((value) => (typeof value === 'string' ? value : JSON.stringify(value ?? '')).replaceAll('\n', ' '))
    .join(' | ');

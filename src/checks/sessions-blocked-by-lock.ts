import { countOf } from '../model/words.js';
import type { Service } from '../model/service.js';
import type { DatabaseSessions } from '../probes/database-sessions.js';
import type { WorkerSockets } from '../probes/worker-sockets.js';
import { defineServiceCheck, type Observed, type Outcome } from './define-check.js';
import { isOwnAddress } from './host/port.js';
import { NOT_LISTED, wasNotListed } from './evidence/sessions.js';
import { asIso, before } from './evidence/time.js';

/** Short waits are the daily business of a database. */
const LONG_WAIT_SECONDS = 2;
const MANY_WAITING = 3;
/** So many, or so long: requests stand. */
const CERTAIN_WAITING = 5;
const CERTAIN_SECONDS = 30;

/** What pg_blocking_pids() says of a prepared transaction (PostgreSQL's manual, 9.27). */
const PREPARED = 0;
const MAX_QUOTED = 6;

/** Not upkeep, which jobs do by day and night: VACUUM FULL, CLUSTER, REINDEX, REFRESH MATERIALIZED VIEW. */
const DDL = /^\s*(?:\/\*.*?\*\/\s*)*(?:ALTER|DROP|TRUNCATE|CREATE\s+(?:UNIQUE\s+)?INDEX|CREATE\s+TABLE)\b/i;
/** What a release changes, and a job at night does not. */
const SCHEMA = /^\s*(?:\/\*.*?\*\/\s*)*(?:ALTER|DROP|CREATE)\b/i;
/** Workers that start together begin their transactions within this. Ours. */
const BOOTED_TOGETHER_SECONDS = 30;
/** Taken by whoever wants to be alone with a table: a migration's only while it is at work, else a transaction left open. */
const TABLE_LOCK = /^\s*LOCK\b/i;
const MIGRATOR = /migrat|alembic|flyway|liquibase|prisma|knex|goose|sqitch/i;

type LockSession = DatabaseSessions['lockSessions'][number];

/** Sessions wait for a lock; the one at the root of the chain is named. A migration at the root is a deployment. */
export const sessionsBlockedByLock = defineServiceCheck({
  id: 'sessions-blocked-by-lock',
  cause: 'database-connections',
  title: 'Sessions are blocked by a lock',
  refutedBy: 'no session that waits for a lock',
  scope: 'service',
  needs: ['databaseSessions'],
  uses: ['workerSockets'],

  evaluate({ databaseSessions, workerSockets }, { service }) {
    const seen = databaseSessions[0];
    if (!seen || seen.fact.refused)
      return { status: 'skipped', reason: 'sessions could not be listed: our own login was refused' };
    if (wasNotListed(seen.fact)) return NOT_LISTED;
    const waiting = seen.fact.lockSessions.filter(({ blockedBy }) => blockedBy.length > 0);
    const wait = waitOf(waiting);
    if (wait.isBrief) return passed(waiting.length);
    const root = rootOf(seen.fact.lockSessions, waiting);
    if (heldBy(PREPARED, waiting) > (root === undefined ? 0 : heldBy(root.pid, waiting)))
      return behindPrepared(seen, waiting, wait);
    if (root === undefined) return passed(waiting.length);
    const { pools } = seen.fact;
    const areOthers = areOfOthers(waiting, seen.fact, addressesOf(workerSockets, service, pools !== null));
    return behind(root, waiting, { seen, wait, areOthers });
  },
});

const behind = (
  root: LockSession,
  waiting: readonly LockSession[],
  { seen, wait, areOthers }: { seen: Observed<DatabaseSessions>; wait: Wait; areOthers: boolean },
): Outcome => {
  const between = waiting.filter(({ pid }) => blocksOther(pid, waiting));
  const migration = migrationOf(root, between, waiting);
  const since = sinceWhen(migration ?? root, seen.at);
  const others = '; none of them comes from where the sessions of the app come from, and of those none waits';
  return {
    status: 'failed',
    // What the app's own sessions do not wait for does not hold it up.
    // And whose role may not see for how long may look at the wait of a moment.
    confidence: areOthers ? 'possible' : wait.certain && !wait.isHidden ? 'confirmed' : 'likely',
    cause: migration ? 'deployment' : 'database-connections',
    summary: `${waitWords(waiting.length, wait)}, behind ${chainWords(root, migration, between.find(isMigration))}${areOthers ? others : ''}`,
    evidence: [{ from: seen, excerpt: quoted(seen.fact.lockSessions, root, migration) }],
    ...(since === undefined ? {} : { since }),
    remediations: ['end-idle-sessions'],
  };
};

/**
 * From where the app's sessions come, as `ss` shows it on the hosts: from the workers' own ends of their connections to the
 * database; behind a pooler on another host from that, which is the other end.
 */
const addressesOf = (
  seen: readonly Observed<WorkerSockets>[],
  { database }: Service,
  isPooled: boolean,
): ReadonlySet<string> => {
  const { port } = new URL(database?.url ?? 'postgres://database');
  return new Set(
    seen
      .flatMap(({ fact }) => fact.sockets)
      .filter(({ inbound, peerPort }) => !inbound && String(peerPort) === (port === '' ? '5432' : port))
      .flatMap(({ line, peer }) =>
        isPooled ? [bare(peer)].filter((address) => !isOwnAddress(address)) : (OWN_END.exec(line)?.[1] ?? []),
      ),
  );
};
/** `[::ffff:10.0.0.7]` is 10.0.0.7 to PostgreSQL. */
const bare = (address: string): string => address.replace(/^\[?(?:::ffff:)?|\]$/g, '');
const OWN_END = /^\d+ \d+ \[?(?:::ffff:)?([\da-f.:]+?)\]?:\d+ /;

/** As many as the probe's statement lists (`limit 30`): where there are more, the app's may be among them. */
const LISTED = 30;

/** Only where sessions are seen to come from where the app's do. */
const areOfOthers = (
  waiting: readonly LockSession[],
  { groups, lockSessions }: DatabaseSessions,
  own: ReadonlySet<string>,
): boolean =>
  lockSessions.length < LISTED &&
  groups.some(({ client, application }) => client !== null && own.has(client) && application !== OUR_NAME) &&
  waiting.every(({ client }) => client !== null && !own.has(client));
/** Our own login comes from the app's hosts as well (`application_name`). */
const OUR_NAME = 'diag503';

type Wait = ReturnType<typeof waitOf>;

const waitOf = (waiting: readonly LockSession[]) => {
  const longest = Math.max(0, ...waiting.map(({ stateSeconds }) => stateSeconds ?? 0));
  return {
    longest,
    isHidden: waiting.every(({ stateSeconds }) => stateSeconds === null),
    isBrief: waiting.length < MANY_WAITING && longest < LONG_WAIT_SECONDS,
    certain: waiting.length >= CERTAIN_WAITING || longest >= CERTAIN_SECONDS,
  };
};

const passed = (waiting: number): Outcome => ({
  status: 'passed',
  summary: `${countOf(waiting, 'session')} waiting for a lock`,
});

const behindPrepared = (
  from: Observed<DatabaseSessions>,
  waiting: readonly LockSession[],
  wait: Wait,
): Outcome => ({
  status: 'failed',
  confidence: wait.certain ? 'confirmed' : 'likely',
  summary: `${waitWords(waiting.length, wait)}, behind a prepared transaction, which no session has: pg_prepared_xacts names it, and COMMIT PREPARED or ROLLBACK PREPARED ends it`,
  evidence: [
    {
      from,
      excerpt: waiting
        .slice(0, MAX_QUOTED)
        .map(({ line }) => line)
        .join('\n'),
    },
  ],
  since: before(from.at, wait.longest),
});

const migrationOf = (
  root: LockSession,
  between: readonly LockSession[],
  waiting: readonly LockSession[],
): LockSession | undefined =>
  isMigration(root) || isOneOfMany(root, waiting) ? root : between.find(isByMigrator);

/** Each worker of a release that migrates as it boots wants the same change: the first is at it, whatever step it is at now. */
const isOneOfMany = (root: LockSession, waiting: readonly LockSession[]): boolean => {
  const { application, user, transactionSeconds } = root;
  const like = waiting.filter(
    (other) => SCHEMA.test(other.query) && other.application === application && other.user === user,
  );
  const eldest = Math.max(...like.map((other) => other.transactionSeconds ?? 0));
  // A transaction that was left open long before is the lock's reason, and the release only met it.
  const isOfThem = transactionSeconds !== null && transactionSeconds <= eldest + BOOTED_TOGETHER_SECONDS;
  return isOfThem && like.length >= MANY_WAITING && like.length * 2 >= waiting.length;
};

const waitWords = (count: number, { longest, isHidden }: Wait): string =>
  `${countOf(count, 'session')} ${count === 1 ? 'waits' : 'wait'} for a lock, ${isHidden ? 'our role may not see for how long (`pg_monitor` would show it)' : `for up to ${String(Math.round(longest))} s`}`;

const chainWords = (
  root: LockSession,
  migration: LockSession | undefined,
  between: LockSession | undefined,
): string => {
  if (migration === undefined) return `${words(root)}${betweenWords(between)}`;
  return migration === root
    ? `${words(root)}, a migration`
    : `${words(root)} and a migration, ${words(migration)}`;
};

/** A change of a table lets nobody pass while it waits itself: "then" is what a reader has to know. */
const betweenWords = (between: LockSession | undefined): string =>
  between === undefined ? '' : `; all others wait behind ${words(between)}, which waits itself`;

/** By its age, which is of the server's own clock: that need not be ours. */
const sinceWhen = ({ transactionSeconds: age, transactionStartedAt }: LockSession, at: string) =>
  age === null ? asIso(transactionStartedAt) : before(at, age);

/** Waits for nobody and holds up most others, directly or not. */
const rootOf = (
  sessions: readonly LockSession[],
  waiting: readonly LockSession[],
): LockSession | undefined => {
  const free = sessions.filter(({ blockedBy }) => blockedBy.length === 0);
  return free.toSorted((a, b) => heldBy(b.pid, waiting) - heldBy(a.pid, waiting))[0];
};

const heldBy = (pid: number, waiting: readonly LockSession[]): number =>
  waiting.filter(({ blockedBy }) => blockedBy.includes(pid)).length;

const blocksOther = (pid: number, waiting: readonly LockSession[]): boolean =>
  waiting.some(({ blockedBy }) => blockedBy.includes(pid));

const isMigration = (session: LockSession): boolean =>
  (DDL.test(session.query) && !isLeftOpen(session)) ||
  (TABLE_LOCK.test(session.query) && session.state === 'active') ||
  isByMigrator(session);

/** A tool goes on at once: who has said nothing since has forgotten to commit. Ours. */
const LEFT_OPEN_SECONDS = 5;
const isLeftOpen = ({ state, stateSeconds }: LockSession): boolean =>
  state === 'idle in transaction' && (stateSeconds ?? 0) >= LEFT_OPEN_SECONDS;

/** A change of a table that itself waits is a link (rule 6 of 3.2): only a tool's name makes it a deployment's. */
const isByMigrator = ({ application }: LockSession): boolean => MIGRATOR.test(application ?? '');

const words = ({ pid, application, user, state, query, transactionSeconds }: LockSession): string => {
  const who = application === null || application === '' ? (user ?? 'unknown') : application;
  const age =
    transactionSeconds === null ? '' : `, transaction of ${String(Math.round(transactionSeconds))} s`;
  return `pid ${String(pid)} (${who}, ${state ?? 'state hidden'}${age}): ${query.trim().split('\n')[0] ?? ''}`;
};

const quoted = (
  sessions: readonly LockSession[],
  root: LockSession,
  migration: LockSession | undefined,
): string =>
  [...new Set([root, ...(migration ? [migration] : []), ...sessions])]
    .slice(0, MAX_QUOTED)
    .map(({ line }) => line)
    .join('\n');

import type { DatabaseSessions } from '../probes/database-sessions.js';
import { defineServiceCheck, type Observed } from './define-check.js';
import { formatSeconds } from './host/clock.js';
import { asIso, before, secondsBetween } from './evidence/time.js';
import {
  groupLines,
  inBothSamples,
  isExhausted,
  lastUsage,
  usageLine,
  type Usage,
} from './evidence/sessions.js';

/** Sessions for more than 30 s idle inside a transaction: an honest program ends one in milliseconds. */
const MANY = 5;
/** A quarter of what is used, when at least three do it. */
const SHARE = 0.25;
const FEW = 3;

/** Transactions that somebody began and forgot: they hold connections, and locks, for nothing. */
export const idleInTransaction = defineServiceCheck({
  id: 'idle-in-transaction',
  cause: 'database-connections',
  title: 'Sessions are idle in transaction',
  refutedBy: 'few sessions idle in transaction',
  scope: 'service',
  needs: ['databaseSessions'],

  evaluate({ databaseSessions }, { now }) {
    const seen = databaseSessions[0];
    const usage = seen && lastUsage(seen.fact);
    if (!seen || !usage)
      return { status: 'skipped', reason: 'sessions could not be counted: our own login was refused' };
    if (usage.hidden > 0 && usage.idleInTransaction === 0) {
      const role = seen.fact.address.split('@')[0] ?? '';
      return {
        status: 'skipped',
        reason: `states of ${String(usage.hidden)} sessions are hidden; \`GRANT pg_monitor TO ${role}\` would show them`,
      };
    }
    const full = isFull(seen.fact);
    const leak = full ? inBothSamples(seen.fact, fillsServer) : inBothSamples(seen.fact, isMany);
    if (!leak) {
      return {
        status: 'passed',
        summary: `${String(usage.idleInTransaction)} of ${String(usage.used)} sessions idle in transaction, ${String(usage.idleInTransactionOld)} for more than 30 s`,
      };
    }
    const since = sinceWhen(seen, usage);
    return {
      status: 'failed',
      confidence: full ? 'confirmed' : 'likely',
      summary: `${String(usage.idleInTransaction)} of ${String(usage.used)} sessions sit idle in transaction${since === undefined ? '' : `, the oldest for ${formatSeconds(secondsBetween(since, now))}`}`,
      evidence: [{ from: seen, excerpt: `${usageLine(usage)}\n${groupLines(seen.fact)}` }],
      ...(since === undefined ? {} : { since }),
      remediations: ['end-idle-sessions', 'restart-service'],
    };
  },
});

/** By its age, which is of the server's own clock: that need not be ours. */
const sinceWhen = (
  { at, fact: { groups } }: Observed<DatabaseSessions>,
  usage: Usage,
): string | undefined => {
  const ages = groups.flatMap(({ state, longestSeconds }) =>
    state?.startsWith('idle in transaction') === true && longestSeconds !== null ? [longestSeconds] : [],
  );
  return ages.length === 0 ? asIso(usage.oldestIdleInTransactionAt) : before(at, Math.max(...ages));
};

const isMany = ({ idleInTransactionOld: old, used }: Usage): boolean =>
  old >= MANY || (old >= FEW && old >= used * SHARE);
/** When nothing is left, the age of what holds it does not matter. */
const fillsServer = ({ idleInTransaction: idle, used }: Usage): boolean =>
  idle >= FEW && idle >= used * SHARE;
/** Nothing is left: of the server, or of what one role or database may have. */
const isFull = (fact: DatabaseSessions): boolean =>
  inBothSamples(fact, isExhausted) || fact.limits.some(({ limit, used }) => limit > 0 && used >= limit);

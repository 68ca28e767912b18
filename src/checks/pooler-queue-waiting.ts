import { defineServiceCheck } from './define-check.js';
import { countOf } from '../model/words.js';
import { quoteLines, recentLines } from './evidence/journal.js';
import { secondsBetween } from './evidence/time.js';

/** pgbouncer's `maxwait`: whoever waits a second for a connection has a slow page. */
const WAIT_SECONDS = 1;
const LONG_WAIT_SECONDS = 5;
/** Longer ago is past, where the pooler itself shows nobody waiting. */
const FRESH_SECONDS = 60;
/** PgBouncer to its clients. */
const POOLER_REFUSED = /query_wait_timeout|no more connections allowed|server login has been failing/;

/** Clients queue at PgBouncer: its pool is too small, or what it holds is slow. */
export const poolerQueueWaiting = defineServiceCheck({
  id: 'pooler-queue-waiting',
  cause: 'database-connections',
  title: 'Clients wait at the connection pooler',
  refutedBy: 'nobody who waits at the pooler',
  scope: 'service',
  needs: ['databaseSessions'],
  uses: ['unitJournal'],

  evaluate({ databaseSessions, unitJournal }, { now }) {
    const seen = databaseSessions[0];
    if (!seen) return { status: 'skipped', reason: 'the database was not read' };
    const { refused, pools } = seen.fact;
    if (refused && POOLER_REFUSED.test(refused.message))
      return {
        status: 'failed',
        confidence: 'confirmed',
        summary: `the pooler refused our own login: ${refused.message}`,
        evidence: [{ from: seen, excerpt: refused.message }],
      };
    const waiting = (pools ?? []).filter(
      (pool) => pool.clientsWaiting > 0 && pool.maxWaitSeconds >= WAIT_SECONDS,
    );
    const [worst] = waiting.toSorted((a, b) => b.maxWaitSeconds - a.maxWaitSeconds);
    if (worst !== undefined)
      return {
        status: 'failed',
        confidence: worst.maxWaitSeconds >= LONG_WAIT_SECONDS ? 'confirmed' : 'likely',
        summary: `${countOf(worst.clientsWaiting, 'client')} waiting at PgBouncer for ${worst.database}, for up to ${String(worst.maxWaitSeconds)} s${pausedWords(worst)}; ${countOf(worst.serversActive, 'server connection')} active, ${String(worst.serversIdle)} idle`,
        evidence: [{ from: seen, excerpt: waiting.map(({ line }) => line).join('\n') }],
      };
    const hits = recentLines(unitJournal, POOLER_REFUSED, now);
    const [first, last] = [hits[0], hits.at(-1)];
    if (first !== undefined && last !== undefined && isNow(last.at, now, pools !== null))
      return {
        status: 'failed',
        confidence: pools === null ? 'likely' : 'possible',
        summary: `the pooler turned the app away ${countOf(hits.length, 'time')} in the last 10 minutes`,
        evidence: quoteLines(hits),
        since: first.at,
      };
    if (pools === null)
      return { status: 'skipped', reason: 'no pooler known, or its console does not let us ask' };
    return { status: 'passed', summary: `0 clients wait in ${countOf(pools.length, 'pool')}` };
  },
});

const pausedWords = ({ paused }: { paused: boolean }): string =>
  paused ? ', for it is paused (PAUSE; RESUME lets them go on)' : '';

const isNow = (at: string, now: string, poolsSeen: boolean): boolean =>
  !poolsSeen || secondsBetween(at, now) <= FRESH_SECONDS;

import type { JournalLine } from '../probes/shell/journal-lines.js';
import { defineHostCheck } from './define-check.js';
import { on } from './evidence/on-host.js';
import { isBad } from './evidence/answers.js';
import { countOf } from '../model/words.js';
import { formatSeconds } from './host/clock.js';
import { quoteLines, recentLines, type JournalHit } from './evidence/journal.js';
import { secondsBetween } from './evidence/time.js';

/**
 * SQLAlchemy, Rails, psycopg, Prisma, HikariCP, node-postgres, Knex, Go's and .NET's words for "no connection in our pool",
 * and the place where asyncpg, which has none, gives up waiting.
 */
const NO_CONNECTION =
  /QueuePool limit of size \d+ overflow \d+ reached|could not obtain a (?:database )?connection from the pool within|PoolTimeout|Timed out fetching a new connection from the connection pool|Connection is not available, request timed out after|timeout exceeded when trying to connect|Timeout acquiring a connection|The connection pool has been exhausted|pool exhausted|The timeout period elapsed prior to obtaining a connection from the pool|asyncpg\/pool\.py", line \d+, in _acquire$/i;
const HIKARI = /total=(\d+), active=(\d+), idle=(\d+), waiting=(\d+)/;
/** The server's own refusal: then its slots are the matter, not the app's pool. */
const SERVER_REFUSED = /too many clients already|remaining connection slots|too many connections for/;
const SURE_LINES = 2;
/** Longer ago, and nothing fails now: over. A pool gives up after 30 s by default. */
const FRESH_SECONDS = 60;

/** The app waits for a connection of its own pool, which is smaller than what its workers want, or leaks. */
export const appPoolExhausted = defineHostCheck({
  id: 'app-pool-exhausted',
  cause: 'database-connections',
  title: "The app's connection pool is exhausted",
  refutedBy: 'no word of an empty pool in the last 10 min of the journal',
  needs: ['unitJournal'],
  uses: ['healthAnswer', 'appAnswer'],

  evaluate({ unitJournal, healthAnswer, appAnswer }, { service, now, host }) {
    const hits = recentLines([unitJournal], NO_CONNECTION, now).filter((hit) =>
      isExhaustion(hit, unitJournal.fact.lines),
    );
    const [first, last] = [hits[0], hits.at(-1)];
    if (first === undefined || last === undefined)
      return { status: 'passed', summary: '0 lines on an exhausted pool in the last 10 minutes' };
    if (recentLines([unitJournal], SERVER_REFUSED, now).length > 0)
      return { status: 'passed', summary: 'the pool cannot grow: the server itself refuses connections' };

    const real = appAnswer ?? healthAnswer;
    const failsNow = real !== undefined && isBad(real.fact);
    const ago = secondsBetween(last.at, now);
    const count = countOf(hits.length, 'time');
    if (!failsNow && ago > FRESH_SECONDS)
      return {
        status: 'passed',
        summary: `its own pool was exhausted ${count}, last ${formatSeconds(ago)} ago`,
      };
    const fresh = failsNow && ago <= FRESH_SECONDS;
    return {
      status: 'failed',
      confidence: fresh && hits.length >= SURE_LINES ? 'confirmed' : fresh ? 'likely' : 'possible',
      summary: `the app${on(host, service)} got no connection from its own pool ${count} in the last 10 minutes`,
      evidence: quoteLines(hits),
      since: first.at,
      remediations: ['restart-service'],
    };
  },
});

/**
 * HikariCP tells its counts: idle connections and nobody waiting are dead sockets; none at all is an unreachable database.
 * Through asyncpg's pool goes whoever opens a connection, too: what it ends with tells.
 */
const isExhaustion = ({ message, line }: JournalHit, lines: readonly JournalLine[]): boolean => {
  if (message.includes('asyncpg')) return gaveUpWaiting(lines, line);
  const counts = HIKARI.exec(message);
  if (!counts) return true;
  const [total, active, , waiting] = counts.slice(1).map(Number);
  return total !== 0 && active === total && waiting !== 0;
};

/** Lines of one traceback, with those that it was "the direct cause" of. Ours. */
const TRACEBACK_LINES = 80;

/** Python's last line of a traceback is the only one that is not set in. Who was still connecting waited for the server. */
const gaveUpWaiting = (lines: readonly JournalLine[], hit: string): boolean => {
  const place = lines.findIndex(({ line }) => line === hit);
  const own = lines.filter(({ pid }) => pid === lines[place]?.pid);
  const begin = own.findIndex(({ line }) => line === hit);
  const end = own.findIndex(({ message }, index) => index > begin && /^\S/.test(message));
  const trace = own.slice(Math.max(0, begin - TRACEBACK_LINES), end + 1).map(({ message }) => message);
  return (
    end !== -1 &&
    /^(?:\w+\.)*TimeoutError/.test(trace.at(-1) ?? '') &&
    !trace.some((message) => /asyncpg\/connect_utils\.py|_get_new_connection/.test(message))
  );
};

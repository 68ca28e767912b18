import { defineHostCheck } from './define-check.js';
import { isBad } from './evidence/answers.js';
import { quoteLines, recentLines, type JournalHit } from './evidence/journal.js';

/** SQLAlchemy, Rails, psycopg, Prisma, HikariCP, node-postgres, Knex, Go's and .NET's words for "no connection in our pool". */
const NO_CONNECTION =
  /QueuePool limit of size \d+ overflow \d+ reached|could not obtain a (?:database )?connection from the pool within|PoolTimeout|Timed out fetching a new connection from the connection pool|Connection is not available, request timed out after|timeout exceeded when trying to connect|Timeout acquiring a connection|The connection pool has been exhausted|pool exhausted|The timeout period elapsed prior to obtaining a connection from the pool/i;
const HIKARI = /total=(\d+), active=(\d+), idle=(\d+), waiting=(\d+)/;
/** The server's own refusal: then its slots are the matter, not the app's pool. */
const SERVER_REFUSED = /too many clients already|remaining connection slots|too many connections for/;
const SURE_LINES = 2;

/** The app waits for a connection of its own pool, which is smaller than what its workers want, or leaks. */
export const appPoolExhausted = defineHostCheck({
  id: 'app-pool-exhausted',
  cause: 'database-connections',
  title: "The app's connection pool is exhausted",
  needs: ['unitJournal'],
  uses: ['healthAnswer', 'appAnswer'],

  evaluate({ unitJournal, healthAnswer, appAnswer }, { now, host }) {
    const hits = recentLines([unitJournal], NO_CONNECTION, now).filter(isExhaustion);
    const [first] = hits;
    if (first === undefined)
      return { status: 'passed', summary: '0 lines on an exhausted pool in the last 10 minutes' };
    if (recentLines([unitJournal], SERVER_REFUSED, now).length > 0)
      return { status: 'passed', summary: 'the pool cannot grow: the server itself refuses connections' };

    const real = appAnswer ?? healthAnswer;
    const failsNow = real !== undefined && isBad(real.fact);
    return {
      status: 'failed',
      confidence: failsNow && hits.length >= SURE_LINES ? 'confirmed' : failsNow ? 'likely' : 'possible',
      summary: `the app on ${host} got no connection from its own pool ${String(hits.length)} times in the last 10 minutes`,
      evidence: quoteLines(hits),
      since: first.at,
      remediations: ['restart-service'],
    };
  },
});

/** HikariCP tells its counts: idle connections and nobody waiting are dead sockets; none at all is an unreachable database. */
const isExhaustion = ({ message }: JournalHit): boolean => {
  const counts = HIKARI.exec(message);
  if (!counts) return true;
  const [total, active, , waiting] = counts.slice(1).map(Number);
  return total !== 0 && active === total && waiting !== 0;
};

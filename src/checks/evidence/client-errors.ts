import type { Dependency } from '../../model/service.js';

type Kind = Dependency['kind'];

/**
 * What client libraries say when the server that they speak with lost them, broke off or cannot do what it is asked
 * (libpq, psycopg, SQLAlchemy, Ruby's pg, PDO, JDBC; redis-py, ioredis, redis-rb, Jedis, Lettuce). Only words that no
 * other client says.
 * Without names that are missing in a schema: those are the release's own (`code-errors.ts`).
 */
const CLIENT_ERRORS: Partial<Record<Kind, RegExp>> = {
  postgres:
    /server closed the connection unexpectedly|SSL connection has been closed unexpectedly|terminating connection due to (?:administrator command|crash of another server process|conflict with recovery|unexpected postmaster exit)|connection to server (?:at "[^"]{1,120}"|on socket)[^\n]{0,120} failed|\bPG::(?:ConnectionBad|UnableToSend)\b|SQLSTATE\[08\w{3}\]|\bpsycopg2?\.OperationalError\b|canceling statement due to (?:statement|lock) timeout|PSQLException: (?:An I\/O error|The connection attempt failed|This connection has been closed)|reached maximum value of sequence|max_(?:pred_)?locks_per_transaction/i,
  redis:
    /\bredis\.exceptions\.(?:Connection|Timeout|BusyLoading|ReadOnly)Error\b|Reached the max retries per request limit|Redis::(?:CannotConnect|Timeout|Connection)Error|Jedis(?:Connection|Data)Exception|\bRedis(?:Connection|CommandTimeout)Exception\b/i,
};

/** What follows on the same line says more than the name of the error. */
const MORE = /^[^\n\\"]{0,120}/;

/** The library's words about a server of this kind; null where a text holds none. */
export function clientErrorIn(kind: Kind, text: string): string | null {
  const found = CLIENT_ERRORS[kind]?.exec(text);
  if (found === null || found === undefined) return null;
  // SQLAlchemy: "(psycopg2.OperationalError) words".
  const rest = text.slice(found.index + found[0].length).replace(/^\)\s*/, ': ');
  return `${found[0]}${MORE.exec(rest)?.[0] ?? ''}`.trim();
}

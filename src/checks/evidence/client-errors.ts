import type { Dependency } from '../../model/service.js';

type Kind = Dependency['kind'];

/**
 * What client libraries say when the server that they speak with lost them, broke off or cannot do what it is asked
 * (libpq, psycopg, SQLAlchemy, node-pg, Ruby's pg, PDO, JDBC; redis-py, ioredis, node-redis, redis-rb, Jedis, Lettuce).
 * Without names that are missing in a schema: those are the release's own (`code-errors.ts`).
 */
const CLIENT_ERRORS: Partial<Record<Kind, RegExp>> = {
  postgres:
    /server closed the connection unexpectedly|SSL connection has been closed unexpectedly|terminating connection due to [^\n"]{0,80}|connection to server (?:at|on) [^\n]{0,120} failed|could not (?:connect to|receive data from|send data to) server|Connection terminated (?:unexpectedly|due to connection timeout)|\bPG::(?:ConnectionBad|UnableToSend)\b|SQLSTATE\[08\w{3}\]|\bpsycopg2?\.(?:OperationalError|InterfaceError|InternalError)\b|canceling statement due to (?:statement|lock) timeout|PSQLException: (?:An I\/O error|The connection attempt failed|This connection has been closed)|reached maximum value of sequence|out of shared memory/i,
  redis:
    /\bredis\.exceptions\.(?:Connection|Timeout|BusyLoading|ReadOnly)Error\b|Reached the max retries per request limit|Redis::(?:CannotConnect|Timeout|Connection)Error|Jedis(?:Connection|Data)Exception|\bRedis(?:Connection|CommandTimeout)Exception\b|Connection closed by server\b|Error while reading from (?:socket|[\w.-]+:\d+)/i,
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

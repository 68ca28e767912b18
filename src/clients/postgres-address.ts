import { bare } from './addresses.js';

export type PostgresAddress = { host: string; port: number; database: string; user: string; label: string };

/** Where a URL leads, without its password. */
export const postgresAddress = (url: string): PostgresAddress => {
  const parsed = new URL(url);
  const option = (name: string) => parsed.searchParams.get(name);
  // As libpq and pg do: an option after `?` wins, and a folder means a unix socket.
  const host = option('host') ?? (bare(decodeURIComponent(parsed.hostname)) || 'localhost');
  const port = Number(option('port') ?? (parsed.port === '' ? 5432 : parsed.port));
  const user = option('user') ?? (decodeURIComponent(parsed.username) || 'postgres');
  const database = decodeURIComponent(parsed.pathname.slice(1)) || user;
  return { host, port, database, user, label: `${user}@${host}:${String(port)}/${database}` };
};

/** PgBouncer's own console, where `SHOW POOLS` is asked. */
export const POOLER_CONSOLE = 'pgbouncer';

/** Where PgBouncer listens by default; it has no other mark before the login. */
const POOLER_PORT = 6432;
export const isPooler = ({ port, database }: PostgresAddress): boolean =>
  port === POOLER_PORT || database === POOLER_CONSOLE;

export type Encryption = 'none' | 'any' | 'verify-ca' | 'verify-full';
export const tlsMode = (url: string): string | null => new URL(url).searchParams.get('sslmode');
/** libpq's words; without one the first try is plain. */
export const encryption = (url: string): Encryption => {
  const wanted = tlsMode(url);
  if (wanted === 'verify-full' || wanted === 'verify-ca') return wanted;
  return wanted === 'require' || wanted === 'no-verify' ? 'any' : 'none';
};

import type { Duplex } from 'node:stream';
import pg from 'pg';
import { ClientError } from '../model/client-error.js';
import { refuseForbidden } from './addresses.js';
import { asSocket } from './as-socket.js';
import { connectFailure, streamFailure, type Failure, type Rung } from './connect-failure.js';
import { toError, withDeadline } from './deadline.js';
import { inTurn } from './postgres-turns.js';
import type { Network } from './host-connection.js';
import { encryption, isPooler, POOLER_CONSOLE, postgresAddress, tlsMode } from './postgres-address.js';
import { limitBytes } from './limit-bytes.js';
import { secureStream, unknownIssuer } from './tls.js';
import { runningNow } from './running-time.js';

const DEADLINE_MS = 3500;
/** The server's own words, of which a megabyte tells no more. */
const MAX_MESSAGE_CHARS = 2000;
/** Nothing of ours may wait on a lock, stay in a transaction or write: diagnosis.md section 4. */
const READ_ONLY_OPTIONS = [
  '-c statement_timeout=2000',
  '-c lock_timeout=200',
  '-c idle_in_transaction_session_timeout=5000',
  '-c default_transaction_read_only=on',
].join(' ');

export type PostgresFailure = Failure & { /** SQLSTATE, such as 53300. */ code: string | null };
type Row = Record<string, unknown>;
export type PostgresQuery = (text: string, values?: unknown[]) => Promise<Row[]>;

export type PostgresSession<T> = {
  rung: Rung;
  failure: PostgresFailure | null;
  /** Milliseconds of the login, or to the failure. */
  loginMs: number;
  certificateExpiresAt: string | null;
  result: T | null;
};

/**
 * One login, one session, given back at once. A failure of the server is a result; throws ClientError only where
 * nothing was learnt about it.
 */
export const inPostgres = <T>(
  network: Network,
  url: string,
  signal: AbortSignal,
  work: (query: PostgresQuery) => Promise<T>,
): Promise<PostgresSession<T>> =>
  inTurn(postgresAddress(url), signal, () => logIn(network, url, signal, work));

const logIn = async <T>(
  network: Network,
  url: string,
  signal: AbortSignal,
  work: (query: PostgresQuery) => Promise<T>,
): Promise<PostgresSession<T>> => {
  const way: Way = { tls: encryption(url) !== 'none', startupOptions: !isPooler(postgresAddress(url)) };
  const limited = way.startupOptions ? work : (query: PostgresQuery) => inReadOnlyTransaction(query, work);
  const isConsole = postgresAddress(url).database === POOLER_CONSOLE;
  const first = await attempt(network, url, signal, isConsole ? work : limited, way);
  const { code, message } = first.failure ?? { code: null, message: '' };
  // libpq's default tries TLS by itself; a server that insists on it says so with 28000.
  if (code === '28000' && message.includes('no encryption') && tlsMode(url) === null)
    return attempt(network, url, signal, work, { ...way, tls: true });
  // PgBouncer knows no `options`: the same limits then hold for one transaction.
  if (message.includes('unsupported startup parameter'))
    return attempt(network, url, signal, (query) => inReadOnlyTransaction(query, work), {
      ...way,
      startupOptions: false,
    });
  return first;
};

type Way = { tls: boolean; startupOptions: boolean };

const inReadOnlyTransaction = async <T>(
  query: PostgresQuery,
  work: (query: PostgresQuery) => Promise<T>,
): Promise<T> => {
  await query('begin read only');
  await query("set local statement_timeout = '2s'");
  await query("set local lock_timeout = '200ms'");
  const result = await work(query);
  await query('rollback');
  return result;
};

/** Asks for TLS and no more: whoever answers `S` or `N` speaks PostgreSQL, and no connection slot is taken. */
export const greetPostgres = async (
  network: Network,
  url: string,
  signal: AbortSignal,
): Promise<PostgresSession<'speaks'>> => {
  const session = newSession<'speaks'>();
  return watch(session, signal, async (deadline) => {
    const raw = await dial(network, url, deadline);
    session.rung = 'answer';
    try {
      const answer = await firstByte(raw, SSL_REQUEST);
      if (answer !== 'S' && answer !== 'N')
        throw new Error(`unexpected answer to SSLRequest: ${JSON.stringify(answer)}`);
      session.result = 'speaks';
    } finally {
      raw.destroy();
    }
  });
};

const attempt = <T>(
  network: Network,
  url: string,
  signal: AbortSignal,
  work: (query: PostgresQuery) => Promise<T>,
  way: Way,
): Promise<PostgresSession<T>> => {
  const session = newSession<T>();
  return watch(session, signal, async (deadline) => {
    const raw = await dial(network, url, deadline);
    deadline.addEventListener('abort', () => raw.destroy(), { once: true });
    try {
      const stream = way.tls ? await secure(raw, url, session, deadline) : raw;
      await converse(stream, url, session, work, way);
    } finally {
      raw.destroy();
    }
  });
};

const newSession = <T>(): PostgresSession<T> => ({
  rung: 'tcp',
  failure: null,
  loginMs: 0,
  certificateExpiresAt: null,
  result: null,
});

const watch = async <T>(
  session: PostgresSession<T>,
  signal: AbortSignal,
  climb: (deadline: AbortSignal) => Promise<void>,
): Promise<PostgresSession<T>> => {
  const started = runningNow();
  try {
    await withDeadline(DEADLINE_MS, signal, climb);
  } catch (error) {
    if (signal.aborted) throw error;
    session.failure = failureOf(error, session.rung);
    if (!session.failure) throw error;
  }
  if (session.loginMs === 0) session.loginMs = elapsed(started);
  return session;
};

const dial = async (network: Network, url: string, signal: AbortSignal): Promise<Duplex> => {
  const { host, port } = postgresAddress(url);
  if (host.startsWith('/')) return network.connectUnix(`${host}/.s.PGSQL.${String(port)}`, signal);
  refuseForbidden(host);
  return network.connect({ host, port }, signal);
};

const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

class CertificateRefused extends Error {}

const secure = async <T>(
  raw: Duplex,
  url: string,
  session: PostgresSession<T>,
  signal: AbortSignal,
): Promise<Duplex> => {
  session.rung = 'tls';
  const answer = await firstByte(raw, SSL_REQUEST);
  if (answer !== 'S') throw new Error('The server does not support SSL connections');
  const { stream, expiresAt, problem } = await secureStream(raw, postgresAddress(url).host, signal);
  session.certificateExpiresAt = expiresAt;
  const wanted = encryption(url);
  const refused = problem?.decisive === true && (wanted === 'verify-full' || wanted === 'verify-ca');
  if (refused) throw new CertificateRefused(problem.message);
  // Whoever asks for a verified server does not mean the next best one with a certificate of its own making.
  if (problem && (wanted === 'verify-full' || wanted === 'verify-ca')) throw unknownIssuer(problem);
  return stream;
};

const firstByte = (raw: Duplex, request: Buffer): Promise<string> =>
  new Promise((resolve, reject) => {
    raw.once('error', reject);
    raw.once('close', () => reject(new Error('the server closed the connection')));
    raw.once('data', (chunk: Buffer) => {
      raw.pause();
      resolve(chunk.subarray(0, 1).toString('latin1'));
    });
    raw.write(request);
  });

const converse = async <T>(
  stream: Duplex,
  url: string,
  session: PostgresSession<T>,
  work: (query: PostgresQuery) => Promise<T>,
  { startupOptions }: Way,
): Promise<void> => {
  session.rung = 'auth';
  const started = runningNow();
  const { user, database } = postgresAddress(url);
  const client = new pg.Client({
    user,
    database,
    // A function: an empty text would make pg look for a password of our own, in PGPASSWORD and ~/.pgpass.
    password: () => decodeURIComponent(new URL(url).password),
    stream: () => asSocket(limitBytes(stream)),
    ssl: false,
    application_name: 'diag503',
    ...(startupOptions ? { options: READ_ONLY_OPTIONS } : {}),
  });
  // Both: without a listener an error of an idle session ends the process.
  client.on('error', () => undefined);
  client.connection.on('error', () => undefined);
  await client.connect();
  session.loginMs = elapsed(started);
  session.rung = 'answer';
  try {
    session.result = await work(async (text, values) => (await client.query<Row>(text, values)).rows);
  } finally {
    await client.end();
  }
};

const failureOf = (error: unknown, rung: Rung): PostgresFailure | null => {
  const { message } = toError(error);
  if (error instanceof CertificateRefused) return { rung, kind: 'certificate', message, code: null };
  if (error instanceof pg.DatabaseError) return serverRefusal(error, rung);
  if (rung === 'tcp') {
    const failure = connectFailure(error);
    return failure && { ...failure, code: null };
  }
  if (error instanceof ClientError && error.code !== 'timeout') return null;
  return { ...streamFailure(error, rung), code: null };
};

const serverRefusal = ({ code, severity, message }: pg.DatabaseError, rung: Rung): PostgresFailure => {
  const denied = code !== undefined && (code.startsWith('28') || code === '42501');
  return {
    rung,
    kind: denied ? 'denied' : 'other',
    message: `${severity ?? 'ERROR'}: ${message}`.slice(0, MAX_MESSAGE_CHARS),
    code: code ?? null,
  };
};

const elapsed = (since: number): number => Math.round((runningNow() - since) * 100) / 100;

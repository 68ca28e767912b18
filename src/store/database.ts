import pg from 'pg';

/** The pool and the two things that every query of ours needs: a bound on its time and a plain transaction. */
export type Database = {
  readonly url: string;
  readonly query: Query;
  /** Rolls back when `work` throws. The connection is thrown away then: its state is not known. */
  readonly transaction: <T>(work: (query: Query) => Promise<T>) => Promise<T>;
  /** Rejects when the database does not answer within `timeoutMs`. */
  readonly ping: (timeoutMs?: number) => Promise<void>;
  readonly close: () => Promise<void>;
};
export type Row = Record<string, unknown>;
export type Query = (text: string, values?: readonly unknown[]) => Promise<Row[]>;

type Options = {
  /** Connections of this process; BullMQ on PostgreSQL has its own. */
  max?: number;
  /** An idle connection that dies is not a failure of any request: it is only worth a log line. */
  onError?: (error: Error) => void;
};

/** The server gives up before the client does, so that no statement outlives the one who waits for it. */
const TIMEOUTS = { connectionTimeoutMillis: 2_000, statement_timeout: 3_000, query_timeout: 4_000 };
/**
 * A process that stands still (a machine that is moved or saved) in the middle of a transaction keeps its locks, and
 * every change waits for the end of the audit: the server takes them away.
 */
const STANDS_STILL = { idle_in_transaction_session_timeout: 5_000 };
const PING_MS = 1_000;
const CLOSE_MS = 2_000;

export function openDatabase(url: string, { max = 8, onError = () => undefined }: Options = {}): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    application_name: 'diag503',
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    ...TIMEOUTS,
    ...STANDS_STILL,
  });
  // Without both listeners a connection that dies while idle ends the process (brianc/node-postgres#3202).
  pool.on('error', onError);
  pool.on('connect', (client) => client.on('error', onError));

  const query: Query = async (text, values = []) => {
    const { rows } = await pool.query<Row>(text, [...values]);
    return rows;
  };
  return {
    url,
    query,
    transaction: (work) => transaction(pool, work),
    ping: async (timeoutMs = PING_MS) => {
      await within(timeoutMs, pool.query('SELECT 1'), 'the database does not answer');
    },
    close: async () => {
      await within(CLOSE_MS, pool.end(), 'the database connections did not end').catch(onError);
    },
  };
}

async function transaction<T>(pool: pg.Pool, work: (query: Query) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  const query: Query = async (text, values = []) => (await client.query<Row>(text, [...values])).rows;
  try {
    await query('BEGIN');
    const result = await work(query);
    await query('COMMIT');
    client.release();
    return result;
  } catch (error) {
    client.release(true); // the server rolls back when the connection ends
    throw error;
  }
}

async function within<T>(timeoutMs: number, work: Promise<T>, otherwise: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`${otherwise} within ${timeoutMs} ms`));
    }, timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined); // its own error came first or comes too late to matter
  }
}

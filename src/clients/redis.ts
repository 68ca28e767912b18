import type { Duplex } from 'node:stream';
import { AbstractConnector, Redis } from 'ioredis';
import { ClientError } from '../model/client-error.js';
import { bare, refuseForbidden } from './addresses.js';
import { asSocket } from './as-socket.js';
import { connectFailure, streamFailure, type Failure, type Rung } from './connect-failure.js';
import { toError, withDeadline } from './deadline.js';
import type { Network } from './host-connection.js';
import { limitBytes } from './limit-bytes.js';
import { heldBackIn, type HeldBack } from './redis-held-back.js';
import { secureStream, unknownIssuer } from './tls.js';
import { runningNow } from './running-time.js';

const DEADLINE_MS = 3000;
/** The server's own words, of which a megabyte tells no more. */
const MAX_MESSAGE_CHARS = 2000;
/** Between the two readings of the error counters, when the first shows that something was refused. */
const SECOND_LOOK_MS = 500;

export type RedisFailure = Failure & {
  /** Prefix of the error reply: `NOAUTH`, `LOADING`, `ERR`. */ code: string | null;
};

export type RedisState = {
  pingMs: number;
  /** Every field of INFO, by its name. */
  info: Record<string, string>;
  /** Error replies counted between two readings; empty when nothing was refused in that time. */
  refusedMeanwhile: Record<string, number>;
  maxClients: number | null;
  slowlog: { at: string; durationMs: number; command: string }[];
  heldBack: HeldBack | null;
};

export type RedisLook = {
  rung: Rung;
  failure: RedisFailure | null;
  latencyMs: number;
  certificateExpiresAt: string | null;
  state: RedisState | null;
};

/**
 * Logs in and asks PING, INFO, CONFIG GET maxclients, SLOWLOG GET and, where clients wait, CLIENT LIST: nothing
 * else is ever sent, and only INFO twice. PING says PONG while writes fail, so the counters of refused commands are
 * looked at.
 */
export const lookAtRedis = async (network: Network, url: string, signal: AbortSignal): Promise<RedisLook> => {
  const started = runningNow();
  const look: RedisLook = {
    rung: 'tcp',
    failure: null,
    latencyMs: 0,
    certificateExpiresAt: null,
    state: null,
  };
  try {
    await withDeadline(DEADLINE_MS, signal, (deadline) => climb(network, new URL(url), look, deadline));
  } catch (error) {
    if (signal.aborted) throw error;
    look.failure = failureOf(error, look.rung);
    if (!look.failure) throw error;
  }
  look.latencyMs = look.state?.pingMs ?? elapsed(started);
  return look;
};

const climb = async (network: Network, url: URL, look: RedisLook, signal: AbortSignal): Promise<void> => {
  const host = bare(url.hostname);
  refuseForbidden(host);
  const raw = await network.connect({ host, port: url.port === '' ? 6379 : Number(url.port) }, signal);
  try {
    const stream = url.protocol === 'rediss:' ? await secure(raw, url, look, signal) : raw;
    look.rung = 'auth';
    look.state = await speak(stream, url, look, signal);
  } finally {
    raw.destroy();
  }
};

const secure = async (raw: Duplex, url: URL, look: RedisLook, signal: AbortSignal): Promise<Duplex> => {
  look.rung = 'tls';
  const { stream, expiresAt, problem } = await secureStream(raw, url.hostname, signal);
  look.certificateExpiresAt = expiresAt;
  if (problem?.decisive === true) throw new CertificateRefused(problem.message);
  if (problem && url.password !== '') throw unknownIssuer(problem);
  return stream;
};

class CertificateRefused extends Error {}

const speak = async (stream: Duplex, url: URL, look: RedisLook, signal: AbortSignal): Promise<RedisState> => {
  const redis = clientOver(limitBytes(stream));
  // An unheard `error` ends the process; a failed command rejects by itself, the connection's own end must do so too.
  const broken = new Promise<never>((_resolve, reject) => {
    redis.on('error', reject);
    redis.once('close', () => reject(new Error('the server closed the connection')));
    signal.addEventListener('abort', () => reject(toError(signal.reason)), { once: true });
  });
  broken.catch(() => undefined);
  const or = <T>(reply: Promise<T>): Promise<T> => {
    reply.catch(() => undefined);
    return Promise.race([reply, broken]);
  };
  try {
    await or(redis.connect());
    if (url.password !== '') await or(logIn(redis, url));
    const asked = runningNow();
    await or(redis.ping());
    const pingMs = elapsed(asked);
    look.rung = 'answer';
    const info = parseInfo(await or(readInfo(redis)));
    const maxClients = await or(configNumber(redis, 'maxclients'));
    const slowlog = await or(readSlowlog(redis));
    const heldBack = await or(readHeldBack(redis, info));
    const refusedMeanwhile = hasRefused(info) ? await or(secondLook(redis, info)) : {};
    return { pingMs, info, refusedMeanwhile, maxClients, slowlog, heldBack };
  } finally {
    redis.disconnect();
  }
};

const clientOver = (stream: Duplex): Redis => {
  class OpenStreamConnector extends AbstractConnector {
    constructor() {
      super(100);
    }
    connect(): Promise<ReturnType<typeof asSocket>> {
      this.stream = asSocket(stream);
      return Promise.resolve(this.stream);
    }
  }
  return new Redis({
    Connector: OpenStreamConnector,
    lazyConnect: true,
    protocol: 2,
    enableReadyCheck: false,
    disableClientInfo: true,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
  });
};

const logIn = (redis: Redis, { username, password }: URL): Promise<unknown> => {
  const secret = decodeURIComponent(password);
  return username === '' ? redis.auth(secret) : redis.auth(decodeURIComponent(username), secret);
};

/** `everything` has errorstats on Redis 6.2 and later; a plain INFO has what older ones know. */
const readInfo = (redis: Redis): Promise<string> => redis.info('everything').catch(() => redis.info());

export const parseInfo = (text: string): Record<string, string> =>
  Object.fromEntries(
    text
      .split(/\r?\n/)
      .filter((line) => line.includes(':') && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  );

/** Null where the login may not ask (NOPERM): then the field is unknown and the rest still counts. */
const configNumber = async (redis: Redis, name: string): Promise<number | null> => {
  const reply: unknown = await redis.config('GET', name).catch(refusedOrThrow);
  const value = Array.isArray(reply) ? Number(reply[1]) : Number.NaN;
  return Number.isFinite(value) ? value : null;
};

/** What one client sends without a pause is a second's worth of short ones; Redis keeps 128 by default. Ours. */
const SLOWLOG_ENTRIES = 40;

const readSlowlog = async (redis: Redis): Promise<RedisState['slowlog']> => {
  const reply: unknown = await redis.slowlog('GET', SLOWLOG_ENTRIES).catch(refusedOrThrow);
  if (!Array.isArray(reply)) return [];
  return reply.flatMap((entry: unknown) => {
    if (!Array.isArray(entry)) return [];
    const [, at, micros, args] = entry as unknown[];
    // The command's name and key only: values may be secrets.
    const command = Array.isArray(args) ? commandOf(args.slice(0, 2).map(String)) : '';
    return [{ at: new Date(Number(at) * 1000).toISOString(), durationMs: Number(micros) / 1000, command }];
  });
};

/** Redis does nothing else while it writes the list, 0.3 kB a client. */
const MAX_LISTED_CLIENTS = 1000;

/** Nobody refuses here, and PING and INFO are answered: only the list tells that writes wait. */
const readHeldBack = async (redis: Redis, info: Record<string, string>): Promise<HeldBack | null> => {
  const isFew = Number(info['connected_clients']) <= MAX_LISTED_CLIENTS;
  if (!isFew || !(Number(info['blocked_clients']) > 0)) return null;
  const list: unknown = await redis.client('LIST').catch(refusedOrThrow);
  return typeof list === 'string' ? heldBackIn(list) : null;
};

/** Before Redis 6, `AUTH password` may be slow too. */
const commandOf = ([name = '', key = '']: string[]): string =>
  (/^auth$/i.test(name) ? name : `${name} ${key}`.trim()).slice(0, 80);

/** Refused for want of a right, or unknown to an old Redis, a proxy or a managed one: the rest still counts. */
const refusedOrThrow = (error: unknown): null => {
  if (toError(error).name === 'ReplyError') return null;
  throw toError(error);
};

/** Counters of refused commands, `errorstat_OOM` and so on, as INFO names them. */
export const errorCounts = (info: Record<string, string>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(info)
      .filter(([name]) => name.startsWith('errorstat_'))
      .map(([name, value]) => [name.slice('errorstat_'.length), Number(value.replace('count=', ''))]),
  );

const TELLING = ['OOM', 'READONLY', 'MISCONF', 'MASTERDOWN', 'CLUSTERDOWN', 'NOREPLICAS', 'LOADING', 'BUSY'];
const hasRefused = (info: Record<string, string>): boolean =>
  Object.keys(errorCounts(info)).some((name) => TELLING.includes(name)) ||
  Number(info['rejected_connections']) > 0;

const secondLook = async (redis: Redis, before: Record<string, string>): Promise<Record<string, number>> => {
  await new Promise((resolve) => setTimeout(resolve, SECOND_LOOK_MS));
  const after = parseInfo(await readInfo(redis));
  const earlier = errorCounts(before);
  const rise = Object.entries(errorCounts(after)).map(
    ([name, count]) => [name, count - (earlier[name] ?? 0)] as const,
  );
  const rejected = Number(after['rejected_connections']) - Number(before['rejected_connections']);
  const all = rejected > 0 ? [...rise, ['rejected_connections', rejected] as const] : rise;
  return Object.fromEntries(all.filter(([, count]) => count > 0));
};

const failureOf = (error: unknown, rung: Rung): RedisFailure | null => {
  const { message } = toError(error);
  if (error instanceof CertificateRefused) return { rung, kind: 'certificate', message, code: null };
  if (rung === 'tcp') {
    const failure = connectFailure(error);
    return failure && { ...failure, code: null };
  }
  if (error instanceof ClientError && error.code !== 'timeout') return null;
  // ioredis reports a reply that came before the first command ("max number of clients") as a queue error.
  const reply = /(?:Last (?:reply|error): (?:Error: |ReplyError: )?)?\b([A-Z]{3,}) [^\n]+/.exec(message);
  if (/^[A-Z]{3,} /.test(message) || message.includes('ERR max number')) {
    const code = reply?.[1] ?? 'ERR';
    const start = Math.max(0, message.indexOf(`${code} `));
    const text = message.slice(start, start + MAX_MESSAGE_CHARS);
    return { rung, kind: /^(NOAUTH|WRONGPASS|NOPERM)/.test(code) ? 'denied' : 'other', message: text, code };
  }
  return { ...streamFailure(error, rung), code: null };
};

const elapsed = (since: number): number => Math.round((runningNow() - since) * 100) / 100;

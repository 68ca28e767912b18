import { request as startRequest, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { ClientError } from '../model/client-error.js';
import type { HttpAnswer } from '../probes/http-answer.js';
import { bare, refuseForbidden } from './addresses.js';
import { asSocket } from './as-socket.js';
import { connectFailure, streamFailure, type Failure, type Rung } from './connect-failure.js';
import { toError, withDeadline } from './deadline.js';
import type { Network } from './host-connection.js';
import { secureStream, unknownIssuer } from './tls.js';
import { runningNow } from './running-time.js';

const READ_CAP_BYTES = 64 * 1024;
const KEPT_BODY_CHARS = 4096;
const KEPT_HEADER_CHARS = 400;
const MAX_HEADER_BYTES = 32 * 1024;
const DEADLINE_MS = 5000;
const HIDDEN_HEADERS = new Set(['set-cookie', 'cookie', 'authorization', 'proxy-authorization']);

export type HttpAsk = {
  url: string;
  /** Where the connection goes when not to the URL's own host: the same question, asked at an inner hop. */
  connectTo?: { host: string; port: number };
  /** The scheme users came by, which the hop in front of the app would tell it: else it redirects to https. */
  forwardedProto?: 'http' | 'https';
  /** A certificate problem ends the request. False at inner hops: a balancer does not look either. */
  verifyCertificate?: boolean;
  deadlineMs?: number;
  /** 4096 by default; a balancer's CSV needs all of it. */
  keepBodyChars?: number;
};

type Progress = { rung: Rung; certificateExpiresAt: string | null; certificateProblem?: string };

/**
 * One GET over HTTP/1.1, no redirect followed, no second try. Whatever the other side does is an answer, also a
 * refusal or silence; throws ClientError only where nothing was learnt about the other side.
 */
export const askHttp = async (network: Network, ask: HttpAsk, signal: AbortSignal): Promise<HttpAnswer> => {
  const started = runningNow();
  const progress: Progress = { rung: 'tcp', certificateExpiresAt: null };
  try {
    return await withDeadline(ask.deadlineMs ?? DEADLINE_MS, signal, (deadline) =>
      exchange(network, ask, progress, started, deadline),
    );
  } catch (error) {
    if (signal.aborted) throw error;
    const failure = failureOf(error, progress.rung);
    if (!failure) throw error;
    return { ...emptyAnswer(ask, progress, runningNow() - started), failure: httpFailure(failure) };
  }
};

/** `GET https://api.example.com/ HTTP/1.1`, without the password that a URL may carry. */
export const requestLine = (url: string): string => `GET ${withoutUserinfo(url)} HTTP/1.1`;

export const withoutUserinfo = (url: string): string => {
  const parsed = new URL(url);
  parsed.username = '';
  parsed.password = '';
  return parsed.href;
};

export const addressOf = (url: URL): { host: string; port: number } => ({
  host: bare(url.hostname),
  port: url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port),
});

class CertificateRefused extends Error {}

const exchange = async (
  network: Network,
  ask: HttpAsk,
  progress: Progress,
  started: number,
  signal: AbortSignal,
): Promise<HttpAnswer> => {
  const url = new URL(ask.url);
  const to = ask.connectTo ?? addressOf(url);
  refuseForbidden(to.host);
  const raw = await network.connect(to, signal);
  try {
    const stream = url.protocol === 'https:' ? await secure(raw, url, ask, progress, signal) : raw;
    progress.rung = 'answer';
    return await send(stream, url, ask, progress, started, signal);
  } finally {
    raw.destroy();
  }
};

const secure = async (
  raw: Duplex,
  url: URL,
  ask: HttpAsk,
  progress: Progress,
  signal: AbortSignal,
): Promise<Duplex> => {
  progress.rung = 'tls';
  const { stream, expiresAt, problem } = await secureStream(raw, url.hostname, signal);
  progress.certificateExpiresAt = expiresAt;
  if (problem) progress.certificateProblem = problem.message;
  if (problem?.decisive === true && ask.verifyCertificate !== false)
    throw new CertificateRefused(problem.message);
  const sendsPassword = url.username !== '' || url.password !== '';
  if (problem && sendsPassword && ask.verifyCertificate !== false) throw unknownIssuer(problem);
  return stream;
};

const send = (
  stream: Duplex,
  url: URL,
  ask: HttpAsk,
  progress: Progress,
  started: number,
  signal: AbortSignal,
): Promise<HttpAnswer> =>
  new Promise((resolve, reject) => {
    const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    const outgoing = startRequest({
      createConnection: () => asSocket(stream),
      method: 'GET',
      path: `${url.pathname}${url.search}`,
      maxHeaderSize: MAX_HEADER_BYTES,
      setHost: false,
      headers: {
        host: url.host,
        'user-agent': 'diag503',
        accept: '*/*',
        connection: 'close',
        ...(ask.forwardedProto === undefined ? {} : { 'x-forwarded-proto': ask.forwardedProto }),
      },
      ...(credentials === ':' ? {} : { auth: credentials }),
    });
    const give = () => outgoing.destroy(toError(signal.reason));
    signal.addEventListener('abort', give, { once: true });
    outgoing.on('error', reject);
    outgoing.on('response', (incoming) => {
      const firstByteMs = runningNow() - started;
      readBody(incoming, Math.max(READ_CAP_BYTES, ask.keepBodyChars ?? 0))
        .then((body) => {
          signal.removeEventListener('abort', give);
          const answer = answerOf(incoming, body.text, { ask, progress, firstByteMs });
          resolve(body.isWhole || signal.aborted ? answer : { ...answer, brokenOff: true });
        })
        .catch(reject);
    });
    outgoing.end();
  });

/** Up to the cap; a body that breaks off still leaves its beginning, for the status line was answered. */
const readBody = async (
  incoming: IncomingMessage,
  capBytes: number,
): Promise<{ text: string; isWhole: boolean }> => {
  const chunks: Buffer[] = [];
  let size = 0;
  incoming.on('error', () => incoming.destroy());
  await new Promise<void>((resolve) => {
    incoming.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= capBytes) resolve();
    });
    incoming.once('end', resolve);
    incoming.once('close', resolve);
  });
  const text = Buffer.concat(chunks).subarray(0, capBytes).toString('utf8');
  return { text, isWhole: incoming.complete || size >= capBytes };
};

const answerOf = (
  incoming: IncomingMessage,
  body: string,
  { ask, progress, firstByteMs }: { ask: HttpAsk; progress: Progress; firstByteMs: number },
): HttpAnswer => ({
  ...emptyAnswer(ask, progress, firstByteMs),
  status: incoming.statusCode ?? null,
  reasonPhrase: incoming.statusMessage ?? null,
  headers: keptHeaders(incoming),
  body: body.replaceAll('\0', '').slice(0, ask.keepBodyChars ?? KEPT_BODY_CHARS),
});

const keptHeaders = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name, value]) => value !== undefined && !HIDDEN_HEADERS.has(name))
      .map(([name, value]) => [name, String(value).slice(0, KEPT_HEADER_CHARS)]),
  );

const emptyAnswer = ({ url }: HttpAsk, progress: Progress, firstByteMs: number): HttpAnswer => ({
  request: requestLine(url),
  status: null,
  reasonPhrase: null,
  headers: {},
  body: '',
  failure: null,
  firstByteMs: Math.round(firstByteMs * 10) / 10,
  certificateExpiresAt: progress.certificateExpiresAt,
  ...(progress.certificateProblem === undefined ? {} : { certificateProblem: progress.certificateProblem }),
});

const failureOf = (error: unknown, rung: Rung): Failure | null => {
  if (error instanceof CertificateRefused)
    return { rung: 'tls', kind: 'certificate', message: error.message };
  if (rung === 'tcp') return connectFailure(error);
  if (error instanceof ClientError && error.code !== 'timeout') return null;
  return streamFailure(error, rung);
};

const httpFailure = ({ rung, kind, message }: Failure): NonNullable<HttpAnswer['failure']> => ({
  rung: rung === 'auth' ? 'answer' : rung,
  kind: kind === 'denied' ? 'other' : kind,
  message,
});

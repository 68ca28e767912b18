import { ClientError, HostUnreached } from '../model/client-error.js';

export type Rung = 'dns' | 'tcp' | 'tls' | 'auth' | 'answer';
export type FailureKind =
  | 'not-found'
  | 'refused'
  | 'timeout'
  | 'no-route'
  | 'certificate'
  | 'reset'
  | 'protocol'
  | 'denied'
  | 'other';

/** Where on the way to an answer it ended. `message` is the other side's or the kernel's own text. */
export type Failure = { rung: Rung; kind: FailureKind; message: string };

/** The far end's words in Node's error codes, in strerror() texts and as sshd repeats them for a forwarded connection. */
const SIGNS: readonly (readonly [RegExp, Rung, FailureKind])[] = [
  [/ENOTFOUND|not known|No address associated|NXDOMAIN/i, 'dns', 'not-found'],
  [/EAI_AGAIN|Temporary failure in name/i, 'dns', 'timeout'],
  [/ECONNREFUSED|connection refused/i, 'tcp', 'refused'],
  [/ENOENT|No such file or directory/i, 'tcp', 'refused'],
  [/ETIMEDOUT|timed out/i, 'tcp', 'timeout'],
  // Accepted and thrown out before a word: HAProxy's `tcp-request connection reject`, a full firewall.
  [/ECONNRESET|connection reset/i, 'tcp', 'reset'],
  [/EHOSTUNREACH|ENETUNREACH|No route to host|unreachable/, 'tcp', 'no-route'],
];

/**
 * What a failed `network.connect` says about the far end. Null where it says nothing about it (forwarding not
 * allowed, the host itself lost): then there is no fact, and the error must go on to the collector.
 */
export const connectFailure = (error: unknown): Failure | null => {
  if (error instanceof ClientError && (error.code === 'denied' || error.code === 'cancelled')) return null;
  if (error instanceof ClientError && (error.message.includes(HOST_LOST) || isHostUnreached(error)))
    return null;
  const message = deepestMessage(error);
  const sign = SIGNS.find(([pattern]) => pattern.test(`${message} ${codeOf(error)}`));
  if (sign) return { rung: sign[1], kind: sign[2], message };
  if (error instanceof ClientError && error.code === 'timeout')
    return { rung: 'tcp', kind: 'timeout', message };
  return null;
};

/** How a connection that stood came to its end without an answer. */
export const streamFailure = (error: unknown, rung: Rung): Failure => {
  const message = error instanceof Error ? error.message : String(error);
  const code = codeOf(error);
  if (error instanceof ClientError && error.code === 'timeout') return { rung, kind: 'timeout', message };
  if (/ETIMEDOUT/.test(code)) return { rung, kind: 'timeout', message };
  if (
    /ECONNRESET|EPIPE|ECONNABORTED|ERR_STREAM_PREMATURE_CLOSE/.test(code) ||
    /hang up|closed|terminated/i.test(message)
  )
    return { rung, kind: 'reset', message };
  if (/^HPE_|^ERR_SSL_|^EPROTO/.test(code)) return { rung, kind: 'protocol', message };
  return { rung, kind: 'other', message };
};

const isHostUnreached = (error: unknown): boolean =>
  error instanceof HostUnreached || (error instanceof Error && isHostUnreached(error.cause));

/** Says nothing about what lies behind the host, though its cause may look the same. */
const HOST_LOST = 'the SSH connection was lost';

/** The deepest code of a chain of causes: the kernel's. */
export const codeOf = (error: unknown): string => {
  if (typeof error !== 'object' || error === null) return '';
  const deeper = 'cause' in error ? codeOf(error.cause) : '';
  if (deeper !== '') return deeper;
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
};

const deepestMessage = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error
    ? deepestMessage(error.cause)
    : error.message.replace('(SSH) Channel open failure: ', '');
};

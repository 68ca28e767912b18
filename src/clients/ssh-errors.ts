import { ClientError, HostUnreached } from '../model/client-error.js';
import { codeOf } from './connect-failure.js';
import { toError } from './deadline.js';
import type { SshTarget } from './ssh-config.js';

/** How far a login had come when it failed. */
export type LoginStage = 'socket' | 'handshake' | 'login';

const where = ({ name, hostName, port }: SshTarget): string => {
  const address = `${hostName.includes(':') ? `[${hostName}]` : hostName}:${port}`;
  return name === hostName || name === address ? address : `${name} (${address})`;
};

/** Errors of the TCP connection. */
export const socketError = (target: SshTarget, error: unknown): ClientError => {
  const code = codeOf(error);
  const say = (reason: 'unreachable' | 'timeout' | 'denied', text: string): ClientError =>
    new HostUnreached(reason, `${where(target)}: ${text}`, { cause: error });
  if (code === 'ECONNREFUSED') return say('unreachable', 'connection refused: no sshd listens on this port');
  if (code === 'ENOTFOUND')
    return say('unreachable', `no such name as ${target.hostName} in DNS or ~/.ssh/config`);
  if (code === 'EAI_AGAIN')
    return say('unreachable', `the name server does not answer for ${target.hostName}`);
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return say('unreachable', `no route (${code})`);
  if (code === 'ETIMEDOUT') return say('timeout', 'no answer to the TCP connection');
  return say('unreachable', `connection failed: ${toError(error).message}`);
};

/** Errors that ssh2 reports until the login is done. */
export const loginError = (target: SshTarget, stage: LoginStage, error: Error): ClientError => {
  const say = (reason: 'unreachable' | 'timeout' | 'denied', text: string): ClientError =>
    new HostUnreached(reason, `${where(target)}: ${text}`, { cause: error });
  const { message } = error;
  if (/too many authentication failures/i.test(message))
    return say('denied', 'too many keys were offered; name the right one with identityFile');
  if (/before handshake|ECONNRESET|closed/i.test(message) && stage !== 'login')
    return say('unreachable', DROPPED);
  if (/timed out/i.test(message)) return say('timeout', silent(stage));
  if (/no matching/i.test(message))
    return say('unreachable', `no common algorithm (${message}): its sshd is too old or too strict`);
  if (stage === 'login') return say('unreachable', `connection lost during the login: ${message}`);
  return say('unreachable', `no SSH handshake: ${message}`);
};

/** OpenSSH since 9.8 shuts a client out for a while after failed logins; every sshd drops some when many log in at once. */
const DROPPED =
  'the connection was closed before the SSH handshake. sshd may shut this machine out for some minutes after failed logins (PerSourcePenalties) or have too many logins at once (MaxStartups): `journalctl -u ssh` there says which';

/** Black hole, a port that speaks no SSH, and a drowning host end alike: nothing came in time. */
export const silent = (stage: LoginStage): string => {
  if (stage === 'socket') return 'no answer to the TCP connection: host down or firewall';
  if (stage === 'handshake')
    return 'the port took the connection but no SSH handshake came: not an sshd, or a host too busy to answer';
  return 'the SSH handshake was done but the login did not end: PAM or the host hangs';
};

/** Reason codes of RFC 4254 for a channel that was not opened. */
const PROHIBITED = 1;

/** sshd repeats strerror() and gai_strerror() of the far end; `cause` carries the code that Node gives the same trouble. */
const FAR_END: readonly (readonly [RegExp, string])[] = [
  [/connection refused/i, 'ECONNREFUSED'],
  [/not known|no address/i, 'ENOTFOUND'],
  [/temporary failure/i, 'EAI_AGAIN'],
  [/timed out/i, 'ETIMEDOUT'],
  [/no route/i, 'EHOSTUNREACH'],
  [/network is unreachable/i, 'ENETUNREACH'],
  [/no such file/i, 'ENOENT'],
];

/** A forwarded connection that did not open: the far end's fault, or the host's refusal to forward. */
export const forwardError = (host: string, to: string, error: Error): ClientError => {
  const text = error.message.replace(/^\(SSH\) Channel open failure: /, '');
  const reason = 'reason' in error ? error.reason : undefined;
  if (reason === PROHIBITED || /prohibited/i.test(text))
    return new ClientError(
      'denied',
      `${host}: sshd allows no forwarding to ${to} (${text}); AllowTcpForwarding or the key's options there decide`,
      { cause: error },
    );
  const code = FAR_END.find(([pattern]) => pattern.test(text))?.[1];
  const cause = code === undefined ? error : Object.assign(new Error(text, { cause: error }), { code });
  return new ClientError(code === 'ETIMEDOUT' ? 'timeout' : 'unreachable', `${to} from ${host}: ${text}`, {
    cause,
  });
};

/** The SSH connection itself went away: for reading, a new one may be tried once. */
export class ConnectionLost extends ClientError {
  constructor(host: string, cause?: unknown) {
    super('unreachable', `${host}: the SSH connection was lost`, cause === undefined ? {} : { cause });
  }
}

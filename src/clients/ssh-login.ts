import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import ssh2, { type Client, type AuthenticationType } from 'ssh2';
import { ClientError } from '../model/client-error.js';
import { toError } from './deadline.js';
import { credentialsFor, type Credentials } from './ssh-auth.js';
import type { SshTarget } from './ssh-config.js';
import { loginError, silent, socketError, type LoginStage } from './ssh-errors.js';
import { createHostKeyVerifier, type HostKeyVerifier } from './ssh-host-key.js';

/** From the first SYN to "logged in". ssh2's own default is 20 s. */
const READY_TIMEOUT_MS = 5000;
/** A connection that was lost without a word is noticed after three of these. */
const KEEPALIVE_MS = 3000;

/** ssh2's own destroy() does nothing after end(): who ends a connection needs its socket. */
export type Login = { client: Client; socket: Duplex };

/** Opens the TCP connection, or a tunnel through a jump host. */
export type OpenSocket = (signal: AbortSignal) => Promise<Duplex>;

/** One login. A failed one is never tried again: sshd counts them. */
export const logIn = async (
  target: SshTarget,
  signal: AbortSignal,
  openSocket: OpenSocket = openTcp(target),
): Promise<Login> => {
  const credentials = credentialsFor(target);
  const verifier = createHostKeyVerifier(target);
  let refusal: ClientError | null = null;
  let algorithms = verifier.algorithms;
  // A host has a key of each type, and a fingerprint does not tell its type: ask for the other types. Nothing is sent.
  while (algorithms.length > 0) {
    const result = await attempt({ target, credentials, verifier, algorithms, openSocket, signal }).catch(
      (error: unknown) => {
        throw refusal ?? toError(error); // no key of another type: then the first refusal counts
      },
    );
    if (!('refusedType' in result)) return result;
    refusal ??= verifier.refusal();
    algorithms =
      target.pinnedKey === undefined ? [] : algorithms.filter((one) => !sameType(one, result.refusedType));
  }
  throw refusal ?? new ClientError('denied', `${target.name}: the host key was refused`);
};

const sameType = (algorithm: string, type: string): boolean =>
  algorithm === type || (type === 'ssh-rsa' && algorithm.startsWith('rsa-'));

export const openTcp =
  (target: SshTarget): OpenSocket =>
  (signal) =>
    new Promise((resolve, reject) => {
      const socket = connect({ host: target.hostName, port: target.port, noDelay: true });
      const timer = setTimeout(() => {
        socket.destroy(new ClientError('timeout', `${target.name}: ${silent('socket')}`));
      }, READY_TIMEOUT_MS);
      const giveUp = (): void => void socket.destroy(toError(signal.reason));
      const settle = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', giveUp);
      };
      signal.addEventListener('abort', giveUp, { once: true });
      socket.once('error', (error) => {
        settle();
        reject(signal.aborted || error instanceof ClientError ? error : socketError(target, error));
      });
      socket.once('connect', () => {
        settle();
        resolve(socket);
      });
      if (signal.aborted) giveUp();
    });

type Attempt = {
  target: SshTarget;
  credentials: Credentials;
  verifier: HostKeyVerifier;
  algorithms: HostKeyVerifier['algorithms'];
  openSocket: OpenSocket;
  signal: AbortSignal;
};

const attempt = async ({
  target,
  credentials,
  verifier,
  algorithms,
  openSocket,
  signal,
}: Attempt): Promise<Login | { refusedType: string }> => {
  const socket = await openSocket(signal);
  const client = new ssh2.Client();
  // For its whole life, also after end(): without a listener a late reset ends the process.
  client.on('error', ignoreLate);
  socket.on('error', ignoreLate);
  let refusedType: string | null = null;
  let stage: LoginStage = 'handshake';
  const offer = createOffer(credentials);
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      signal.removeEventListener('abort', giveUp);
      client.destroy();
      socket.destroy();
      if (refusedType !== null) resolve({ refusedType });
      else reject(error);
    };
    const giveUp = (): void => fail(toError(signal.reason));
    signal.addEventListener('abort', giveUp, { once: true });
    client.on('handshake', () => {
      stage = 'login';
    });
    client.on('error', (error) => {
      const denied = 'level' in error && error.level === 'client-authentication';
      fail(
        denied ? permissionDenied(target, credentials, offer.accepted()) : loginError(target, stage, error),
      );
    });
    client.on('close', () => fail(loginError(target, stage, new Error('closed by the host'))));
    client.once('ready', () => {
      signal.removeEventListener('abort', giveUp);
      resolve({ client, socket });
    });
    try {
      client.connect({
        sock: socket,
        username: target.user,
        readyTimeout: READY_TIMEOUT_MS,
        keepaliveInterval: KEEPALIVE_MS,
        keepaliveCountMax: 2,
        algorithms: { serverHostKey: algorithms },
        hostVerifier: (key: Buffer) => {
          const accepted = verifier.accept(key);
          if (!accepted) refusedType = key.toString('latin1', 4, 4 + key.readUInt32BE(0));
          return accepted;
        },
        authHandler: offer.next,
      });
    } catch (error) {
      fail(loginError(target, stage, toError(error)));
    }
    if (signal.aborted) giveUp();
  });
};

const ignoreLate = (): void => undefined;

/** Hands out one credential after the other, and stops when the host says that it takes no keys at all. */
const createOffer = ({ methods }: Credentials) => {
  const left = [...methods];
  let accepted: AuthenticationType[] | null = null;
  return {
    accepted: () => accepted,
    next: (methodsLeft: AuthenticationType[] | null) => {
      accepted = methodsLeft ?? accepted;
      if (accepted !== null && !accepted.includes('publickey')) return false;
      return left.shift() ?? false;
    },
  };
};

const permissionDenied = (
  { name, user, hostName }: SshTarget,
  { offered, notes }: Credentials,
  accepted: AuthenticationType[] | null,
): ClientError => {
  const login = `${user}@${hostName}`;
  if (accepted !== null && !accepted.includes('publickey'))
    return new ClientError(
      'denied',
      `${name}: permission denied: sshd takes no keys for ${login} (only ${accepted.join(', ')})`,
    );
  const skipped = notes.length > 0 ? ` (not offered: ${notes.join('; ')})` : '';
  return new ClientError(
    'denied',
    `${name}: permission denied (publickey) for ${login}; offered ${offered.join(', ')}${skipped}. Is its public key in ~${user}/.ssh/authorized_keys there?`,
  );
};

import { lookup } from 'node:dns/promises';
import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { ClientError } from '../model/client-error.js';
import { bare, refuseForbidden } from './addresses.js';
import { codeOf, connectFailure } from './connect-failure.js';
import { toError, withDeadline } from './deadline.js';
import type { Network } from './host-connection.js';

/** The kernel repeats a SYN after 1 and 3 seconds: whoever has not answered by then will hardly do so. */
const CONNECT_DEADLINE_MS = 4000;

/** Where this process stands. `name` differs for the host `local`, which stands there too. */
export const networkOfThisMachine = (name: string): Network => ({
  name,
  connect: ({ host, port }, signal) =>
    withDeadline(CONNECT_DEADLINE_MS, signal, async (deadline) => {
      const addresses = await resolve(host, deadline);
      return open(addresses, port, `${host}:${String(port)}`, deadline);
    }),
  connectUnix: (path, signal) =>
    withDeadline(CONNECT_DEADLINE_MS, signal, (deadline) => dial({ path }, path, deadline)),
});

export const workerNetwork: Network = networkOfThisMachine('worker');

/** Resolved once and connected to by address: a name that answers differently the second time gains nothing. */
const resolve = async (host: string, signal: AbortSignal): Promise<string[]> => {
  const found = await lookup(bare(host), { all: true }).catch((error: unknown) => {
    throw new ClientError('unreachable', `${host}: ${toError(error).message}`, { cause: error });
  });
  signal.throwIfAborted();
  for (const { address } of found) refuseForbidden(address);
  return found.map(({ address }) => address);
};

/** One after the other: `localhost` is ::1 and 127.0.0.1, and a server may listen on one of them. */
const open = async (
  addresses: string[],
  port: number,
  label: string,
  signal: AbortSignal,
): Promise<Socket> => {
  let last: unknown = new ClientError('unreachable', `${label}: the name has no address`);
  for (const host of addresses) {
    try {
      return await dial({ host, port }, label, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      last = error;
    }
  }
  throw toError(last);
};

const dial = (options: NetConnectOpts, label: string, signal: AbortSignal): Promise<Socket> =>
  new Promise((resolveSocket, reject) => {
    const socket = connect(options);
    const give = () => socket.destroy(toError(signal.reason));
    signal.addEventListener('abort', give, { once: true });
    socket.once('error', (error) => {
      signal.removeEventListener('abort', give);
      reject(asClientError(error, label));
    });
    socket.once('connect', () => {
      signal.removeEventListener('abort', give);
      socket.on('error', ignoreLate);
      resolveSocket(socket);
    });
  });

/** A socket that nobody reads any more must not end the process; readers add their own listener. */
const ignoreLate = (): void => undefined;

const asClientError = (error: Error, label: string): ClientError => {
  if (error instanceof ClientError) return error;
  if (/EACCES|EPERM/.test(codeOf(error)))
    return new ClientError('denied', `${label}: permission denied`, { cause: error });
  const timeout = connectFailure(error)?.kind === 'timeout';
  return new ClientError(timeout ? 'timeout' : 'unreachable', error.message, { cause: error });
};

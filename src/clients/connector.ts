import { setMaxListeners } from 'node:events';
import { ClientError } from '../model/client-error.js';
import type { Inventory } from '../model/service.js';
import { toError } from './deadline.js';
import type { HostConnection, HostConnector } from './host-connection.js';
import { LOCAL, localConnection } from './local-shell.js';
import { resolveTarget, type SshSettings, type SshTarget } from './ssh-config.js';
import { createSshConnection, type SshConnection } from './ssh-connection.js';
import { ConnectionLost } from './ssh-errors.js';
import { logIn, openTcp, type OpenSocket } from './ssh-login.js';

export type ConnectorOptions = SshSettings & {
  hosts: Inventory['hosts'];
  /** An unused connection is closed after this long. A warm one answers several times sooner. */
  idleMs?: number;
  /** Hosts whose connection stays open unused; keepalive still finds out when it is dead. */
  standby?: ReadonlySet<string>;
};

const IDLE_MS = 5 * 60_000;
/** sshd (since 9.8) adds 5 s of penalty for each failed login and shuts the client out above 15 s. */
const DENIED_MS = 20_000;
const MAX_JUMPS = 4;

/** Logs in once for all who ask at the same time, keeps connections open between runs, drops broken ones. */
export const createConnector = (options: ConnectorOptions): HostConnector => {
  const open = new Map<string, Promise<SshConnection>>();
  const denied = new Map<string, { error: ClientError; until: number }>();
  const shutdown = new AbortController();
  setMaxListeners(Infinity, shutdown.signal); // one for each login under way: many hosts are no leak

  /** `route` ends with the host; what stands before it is the way there. */
  const connection = async (route: readonly string[], depth = 0): Promise<SshConnection> => {
    const key = route.join(',');
    const pooled = open.get(key);
    if (pooled && (await pooled).isAlive()) return pooled;
    if (pooled && open.get(key) !== pooled) return connection(route, depth);
    refuseAgain(denied.get(key));
    const login = logInTo(route, depth);
    open.set(key, login);
    login.catch((error: unknown) => {
      if (open.get(key) === login) open.delete(key);
      if (error instanceof ClientError && error.code === 'denied')
        denied.set(key, { error, until: Date.now() + DENIED_MS });
    });
    return login;
  };

  const logInTo = async (route: readonly string[], depth: number): Promise<SshConnection> => {
    const host = route.at(-1) ?? '';
    const target = resolveTarget(host, options, options.hosts.get(host));
    const way = route.length > 1 ? route.slice(0, -1) : target.jumps;
    const openSocket = way.length === 0 ? openTcp(target) : await through(way, target, depth + 1);
    const login = await logIn(target, shutdown.signal, openSocket);
    const made = createSshConnection(host, login);
    if (options.standby?.has(host) !== true) closeWhenIdle(made, options.idleMs ?? IDLE_MS);
    return made;
  };

  const through = async (way: readonly string[], target: SshTarget, depth: number): Promise<OpenSocket> => {
    if (depth > MAX_JUMPS)
      throw new ClientError(
        'unreachable',
        `${target.name}: more than ${MAX_JUMPS} jumps; do they form a circle?`,
      );
    const jump = await connection(way, depth).catch((error: unknown) => {
      const cause = toError(error);
      const code = cause instanceof ClientError ? cause.code : 'unreachable';
      throw new ClientError(code, `${target.name}: no way through ${way.join(', ')}: ${cause.message}`, {
        cause,
      });
    });
    return (signal) => jump.tunnel({ host: target.hostName, port: target.port }, signal);
  };

  return {
    connect: async (host, signal) => {
      if (host === LOCAL) return localConnection();
      const first = await raced(connection([host]), signal);
      return hostConnection(host, first, () => connection([host]));
    },
    closeAll: async () => {
      shutdown.abort(new ClientError('cancelled', 'shutting down'));
      const logins = await Promise.allSettled(open.values());
      open.clear();
      for (const login of logins) if (login.status === 'fulfilled') login.value.destroy();
    },
  };
};

const refuseAgain = (entry: { error: ClientError; until: number } | undefined): void => {
  if (entry === undefined || entry.until <= Date.now()) return;
  const note = 'not tried again so soon: sshd shuts out who fails often';
  throw new ClientError(entry.error.code, `${entry.error.message} (${note})`, { cause: entry.error });
};

/** The login goes on for the others that wait for it. */
const raced = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const onAbort = (): void => reject(toError(signal.reason));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });

/** A connection that is lost between two readings is made anew once; a script that was running is its caller's to repeat. */
const hostConnection = (
  host: string,
  first: SshConnection,
  again: () => Promise<SshConnection>,
): HostConnection => {
  const onNetwork = async <T>(signal: AbortSignal, use: (it: SshConnection) => Promise<T>): Promise<T> => {
    try {
      return await use(first.isAlive() ? first : await raced(again(), signal));
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error;
      return use(await raced(again(), signal));
    }
  };
  return {
    host,
    network: {
      name: host,
      connect: (to, signal) => onNetwork(signal, (it) => it.forward(to, signal)),
      connectUnix: (path, signal) => onNetwork(signal, (it) => it.forwardUnix(path, signal)),
    },
    runScript: (script, options) => first.run(script, options),
    close: () => undefined, // it stays open for the next run
  };
};

const closeWhenIdle = (connection: SshConnection, idleMs: number): void => {
  let idleSince = Date.now();
  const timer = setInterval(
    () => {
      if (connection.inUse() > 0) idleSince = Date.now();
      else if (Date.now() - idleSince >= idleMs) connection.destroy();
    },
    Math.min(idleMs, 10_000),
  );
  timer.unref();
  connection.onClose(() => clearInterval(timer));
};

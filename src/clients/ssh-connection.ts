import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClientError } from '../model/client-error.js';
import { bare } from './addresses.js';
import { toError, withDeadline } from './deadline.js';
import type { ExecResult, RunOptions } from './host-connection.js';
import { SHELL_COMMAND } from './shell-command.js';
import { createSlots } from './slots.js';
import { openChannel, type Ask } from './ssh-channel.js';
import { forwardError } from './ssh-errors.js';
import { runOnChannel } from './ssh-exec.js';
import type { Login } from './ssh-login.js';
import { streamOf } from './ssh-stream.js';

type Address = { host: string; port: number };

/** One login, shared by all who want something from the host. */
export type SshConnection = {
  isAlive(): boolean;
  /** What is open or wanted right now. */
  inUse(): number;
  run(script: string, options: RunOptions): Promise<ExecResult>;
  forward(to: Address, signal: AbortSignal): Promise<Duplex>;
  forwardUnix(path: string, signal: AbortSignal): Promise<Duplex>;
  /** For a login through this host: lives as long as that login, so it takes no place. */
  tunnel(to: Address, signal: AbortSignal): Promise<Duplex>;
  onClose(listener: () => void): void;
  destroy(): void;
};

/** sshd's MaxSessions is 10; the rest is left to others on the same connection. */
const MAX_CHANNELS = 8;
const MAX_SESSION_TRIES = 6;
const SESSION_RETRY_MS = 100;
/** sshd waits minutes for a far end that does not answer; the kernel repeats a SYN after 1 and 3 s. */
const FORWARD_DEADLINE_MS = 4000;
/** A connection that stood idle may be dead without knowing it; a host that lives opens a channel within this. */
const REUSED_OPEN_MS = 3000;

export const createSshConnection = (host: string, { client, socket }: Login): SshConnection => {
  const state = { alive: true, used: false, inUse: 0, sessions: 0 };
  const channels = createSlots(MAX_CHANNELS);
  const sessions = createSlots(MAX_CHANNELS);
  const destroy = (): void => {
    state.alive = false;
    client.end();
    socket.destroy();
  };
  /** Whoever else uses it would lose it too; keepalive finds out about them. */
  const destroyUnused = (): void => {
    if (state.inUse === 0) destroy();
  };
  client.setMaxListeners(0);
  client.on('close', () => {
    state.alive = false;
  });
  client.on('error', destroy);

  /** Null: the host has no more sessions to give now (MaxSessions); it also frees an ended one a little late. */
  const runOnce = async (
    script: string,
    options: RunOptions,
    lastTry: boolean,
  ): Promise<ExecResult | null> => {
    const stale = state.used ? setTimeout(destroy, REUSED_OPEN_MS) : undefined;
    state.used = true;
    state.sessions += 1;
    try {
      const ask: Ask = (it, done) => it.exec(SHELL_COMMAND, done);
      const channel = await openChannel(host, client, ask, options.signal).finally(() => clearTimeout(stale));
      return await runOnChannel(channel, client, script, options, destroyUnused);
    } catch (error) {
      if (error instanceof ClientError || options.signal.aborted) throw toError(error);
      if (lastTry) throw sessionError(host, toError(error));
      sessions.limitTo(state.sessions - 1);
      return null;
    } finally {
      state.sessions -= 1;
    }
  };

  const run = async (script: string, options: RunOptions, tries = 1): Promise<ExecResult> => {
    const release = await takeBoth(sessions.take, channels.take, options.signal);
    state.inUse += 1;
    const result = await runOnce(script, options, tries === MAX_SESSION_TRIES).finally(() => {
      state.inUse -= 1;
      release();
    });
    if (result !== null) return result;
    await sleep(SESSION_RETRY_MS * tries);
    return run(script, options, tries + 1);
  };

  const open = async (ask: Ask, to: string, caller: AbortSignal): Promise<Duplex> => {
    try {
      const channel = await withDeadline(FORWARD_DEADLINE_MS, caller, (signal) =>
        openChannel(host, client, ask, signal),
      );
      return streamOf(channel, client, host);
    } catch (error) {
      throw error instanceof ClientError ? error : forwardError(host, to, toError(error));
    }
  };

  const openInSlot = async (ask: Ask, to: string, signal: AbortSignal): Promise<Duplex> =>
    openCounted(ask, to, signal, await channels.take(signal));

  const openCounted = async (
    ask: Ask,
    to: string,
    signal: AbortSignal,
    release: () => void,
  ): Promise<Duplex> => {
    state.inUse += 1;
    const done = (): void => {
      state.inUse -= 1;
      release();
    };
    const stream = await open(ask, to, signal).catch((error: unknown) => {
      done();
      throw toError(error);
    });
    return stream.once('close', done);
  };

  return {
    isAlive: () => state.alive,
    inUse: () => state.inUse,
    run: (script, options) => run(script, options),
    forward: (to, signal) => openInSlot(askTcp(to), label(to), signal),
    forwardUnix: (path, signal) =>
      openInSlot((it, done) => it.openssh_forwardOutStreamLocal(path, done), path, signal),
    tunnel: (to, signal) => openCounted(askTcp(to), label(to), signal, () => undefined),
    onClose: (listener) => void client.once('close', listener),
    destroy,
  };
};

type Take = (signal: AbortSignal) => Promise<() => void>;

const takeBoth = async (first: Take, second: Take, signal: AbortSignal): Promise<() => void> => {
  const releaseFirst = await first(signal);
  try {
    const releaseSecond = await second(signal);
    return () => {
      releaseSecond();
      releaseFirst();
    };
  } catch (error) {
    releaseFirst();
    throw error;
  }
};

const askTcp =
  ({ host, port }: Address): Ask =>
  (client, done) =>
    client.forwardOut('127.0.0.1', 0, bare(host), port, done);

const label = ({ host, port }: Address): string => `${host}:${port}`;

const sessionError = (host: string, error: Error): ClientError =>
  new ClientError(
    'denied',
    `${host}: logged in, but sshd opened no session (${error.message}): a forced command, MaxSessions, a missing shell or no process left for the login`,
    { cause: error },
  );

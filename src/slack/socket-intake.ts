import { SocketModeReceiver } from '@slack/bolt';
import { type Log, slackLogger } from './log.js';
import { slackFailure, type SlackFailure } from './slack-failure.js';

type Options = {
  appToken: string;
  apiUrl?: string | undefined;
  log: Log;
  /** There was no connection for LOST_AFTER_MS: a new process may do better. */
  onLost: (reason: string) => void;
  lostAfterMs?: number;
};
export type SocketIntake = {
  readonly receiver: SocketModeReceiver;
  start(): Promise<void>;
  stop(): Promise<void>;
  isConnected(): boolean;
};

const LOST_AFTER_MS = 60_000;
const STOP_MS = 5_000;
const RECONNECT_MS = { first: 200, max: 10_000 };
/** Half a minute without Slack's ping, or a quarter without its answer to ours, and the connection counts as dead. */
const PING = { clientPingTimeout: 15_000, serverPingTimeout: 30_000 };

/**
 * Slack over a WebSocket, held open by us. The library's own reconnecting waits 15 s before its first try, in which
 * commands are lost, and a failing try is a rejection that nobody hears and that ends the process (node-slack-sdk#2656).
 */
export function createSocketIntake(options: Options): SocketIntake {
  const { appToken, apiUrl, log, onLost, lostAfterMs = LOST_AFTER_MS } = options;
  const receiver = new SocketModeReceiver({
    appToken,
    ...PING,
    autoReconnectEnabled: false,
    logger: slackLogger(log),
    installerOptions: {
      clientOptions: {
        timeout: 8_000,
        retryConfig: { retries: 0 },
        rejectRateLimitedCalls: true,
        ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/` }),
      },
    },
  });
  const { client } = receiver;
  const stopping = new AbortController();
  let connected = false;
  let connecting = false;
  let lastSeen = Date.now();
  let watch: NodeJS.Timeout | undefined;

  const stopped = (): boolean => stopping.signal.aborted;
  const connect = async (): Promise<void> => {
    if (connecting) return;
    connecting = true;
    for (let failures = 0; !connected && !stopped(); failures += 1) {
      if (failures > 0) await pause(backoffMs(failures), stopping.signal);
      if (!stopped()) await tryToConnect();
    }
    connecting = false;
  };
  const tryToConnect = async (): Promise<SlackFailure | null> => {
    try {
      await client.start();
      return null;
    } catch (error) {
      const failure = slackFailure(error);
      log.warn({ reason: failure?.reason ?? 'closed' }, 'no Socket Mode connection yet');
      return failure;
    }
  };

  client.on('connected', () => {
    connected = true;
    log.info('Socket Mode is connected');
  });
  client.on('disconnected', () => {
    if (connected) lastSeen = Date.now();
    connected = false;
    if (!stopped()) void connect();
  });

  return {
    receiver,
    isConnected: () => connected,
    async start() {
      const failure = await tryToConnect();
      if (failure?.kind === 'permanent') {
        throw new Error(
          `SLACK_APP_TOKEN: ${failure.reason}; is it the app-level token (xapp-…) with connections:write?`,
        );
      }
      lastSeen = Date.now();
      watch = setInterval(() => {
        if (connected) lastSeen = Date.now();
        else if (Date.now() - lastSeen > lostAfterMs)
          onLost(`no Socket Mode connection for ${lostAfterMs / 1000} s`);
      }, lostAfterMs / 12);
      await connect();
    },
    async stop() {
      clearInterval(watch);
      stopping.abort();
      const ended = connected
        ? new Promise<void>((resolve) => client.once('disconnected', resolve))
        : Promise.resolve();
      void client.disconnect();
      await Promise.race([ended, pause(STOP_MS)]);
    },
  };
}

const backoffMs = (failures: number): number =>
  Math.min(RECONNECT_MS.max, RECONNECT_MS.first * 2 ** (failures - 1));

/** Ends early when `signal` says so. */
function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    timer.unref();
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

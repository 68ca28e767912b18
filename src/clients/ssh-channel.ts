import type { Channel, Client, ClientCallback } from 'ssh2';
import { toError } from './deadline.js';
import { ConnectionLost } from './ssh-errors.js';

/** Asks for one channel: `exec`, `forwardOut`, … */
export type Ask = (client: Client, done: ClientCallback) => unknown;

/** Settles at the latest when the connection or the signal ends; a channel that opens after that is closed again. */
export const openChannel = (
  host: string,
  client: Client,
  ask: Ask,
  signal: AbortSignal,
): Promise<Parameters<ClientCallback>[1]> =>
  new Promise((resolve, reject) => {
    const settle = (): void => {
      client.off('close', onLost);
      signal.removeEventListener('abort', onAbort);
    };
    const onLost = (): void => {
      settle();
      reject(new ConnectionLost(host));
    };
    const onAbort = (): void => {
      settle();
      reject(toError(signal.reason));
    };
    if (signal.aborted) {
      onAbort();
      return;
    }
    client.once('close', onLost);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      ask(client, (error, channel) => {
        settle();
        if (error) reject(error);
        else if (signal.aborted) closeUnused(channel);
        else resolve(channel);
      });
    } catch (error) {
      settle(); // ssh2 throws "Not connected" at once
      reject(new ConnectionLost(host, error));
    }
  });

const closeUnused = (channel: Channel): void => {
  channel.on('error', () => undefined); // nobody is left to hear of it
  channel.close();
  channel.resume();
};

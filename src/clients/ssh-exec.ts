import type { Client, ClientChannel } from 'ssh2';
import { toError } from './deadline.js';
import { collectOutput } from './exec-output.js';
import type { ExecResult, RunOptions } from './host-connection.js';

/** A host that does not close a channel in this time has lost the connection too. */
const CLOSE_GRACE_MS = 2000;

/**
 * Feeds the script and reads to the end, the cap, the signal or the loss of the connection. The script ends the shell
 * itself and our side stays open: only so may a hanging command be ended by a signal (sshd knows them since 7.9).
 */
export const runOnChannel = (
  channel: ClientChannel,
  client: Client,
  script: string,
  options: RunOptions,
  destroyConnection: () => void,
): Promise<ExecResult> =>
  new Promise((resolve, reject) => {
    const { signal } = options;
    let exitCode: number | null = null;
    let grace: NodeJS.Timeout | undefined;
    const endChannel = (): void => {
      grace ??= setTimeout(destroyConnection, CLOSE_GRACE_MS);
      if (!channel.destroyed && channel.writable) channel.signal('TERM');
      channel.close();
    };
    const output = collectOutput(options, () => {
      endChannel();
      resolve(output.result(null));
    });
    const onEnd = (): void => {
      clearTimeout(grace);
      client.off('close', onEnd);
      signal.removeEventListener('abort', onAbort);
      resolve(output.result(exitCode));
    };
    const onAbort = (): void => {
      signal.removeEventListener('abort', onAbort);
      endChannel();
      reject(toError(signal.reason));
    };
    channel.on('error', () => undefined); // what it would say, `close` says too
    channel.stderr.on('error', () => undefined);
    channel.on('data', output.stdout);
    channel.stderr.on('data', output.stderr);
    channel.on('exit', (code: number | null) => {
      exitCode = code;
    });
    channel.once('close', onEnd);
    client.once('close', onEnd);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    else channel.write(`${script}\nexit\n`);
  });

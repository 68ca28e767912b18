import { spawn, type ChildProcess } from 'node:child_process';
import { ClientError } from '../model/client-error.js';
import { toError } from './deadline.js';
import { collectOutput } from './exec-output.js';
import type { ExecResult, HostConnection, RunOptions } from './host-connection.js';
import { SHELL_COMMAND } from './shell-command.js';
import { networkOfThisMachine } from './worker-network.js';

/** The inventory's name of the machine that the worker runs on. */
export const LOCAL = 'local';

/** This machine as a host: the same scripts through the same shell, without SSH. */
export const localConnection = (): HostConnection => ({
  host: LOCAL,
  network: networkOfThisMachine(LOCAL),
  runScript,
  close: () => undefined,
});

const runScript = (script: string, options: RunOptions): Promise<ExecResult> =>
  new Promise((resolve, reject) => {
    const { signal } = options;
    if (signal.aborted) {
      reject(toError(signal.reason));
      return;
    }
    // A process group of its own, so that all of it can be killed.
    const child = spawn('/bin/sh', ['-c', SHELL_COMMAND], {
      detached: true,
      stdio: 'pipe',
      env: plainEnvironment(),
    });
    const output = collectOutput(options, () => killGroup(child));
    const onAbort = (): void => {
      killGroup(child);
      reject(toError(signal.reason));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    child.once('error', (error) => {
      signal.removeEventListener('abort', onAbort);
      reject(
        new ClientError('not-installed', `${LOCAL}: no shell to run: ${error.message}`, { cause: error }),
      );
    });
    child.stdout.on('data', output.stdout);
    child.stderr.on('data', output.stderr);
    child.once('close', (code) => {
      signal.removeEventListener('abort', onAbort);
      resolve(output.result(code));
    });
    child.stdin.on('error', () => undefined); // a shell that ended early tells so by its exit code
    child.stdin.end(script);
  });

/** What a login has. The worker's tokens and passwords are no business of the programs that a probe runs. */
const PLAIN =
  /^(?:PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_[A-Z]+|TZ|TMPDIR|XDG_RUNTIME_DIR|DBUS_SESSION_BUS_ADDRESS)$/;

const plainEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => PLAIN.test(name)));

const killGroup = ({ pid }: ChildProcess): void => {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
};

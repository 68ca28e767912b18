import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { until } from '../../helpers/until.js';

type Options = {
  program: string;
  args: readonly string[];
  /** Answers 200 as soon as it serves. */
  ready: string;
  /** File that its output goes to. */
  log: string;
};

const READY_MS = 30_000;
const STOP_MS = 5_000;

/** A server that ends when this process does, whatever ended it: the kernel sees to that. */
export function startServer({ program, args, ready, log }: Options) {
  const output = openSync(log, 'a');
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', program, ...args], {
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const exit = once(child, 'exit');
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  return {
    untilReady: async () => {
      await until(`${program} is ready`, async () => hasEnded() || (await answers(ready)), READY_MS);
      if (hasEnded())
        throw new Error(`${program} did not start:\n${readFileSync(log, 'utf8').slice(-2_000)}`);
    },
    stop: async () => {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      if (!hasEnded()) await exit;
      clearTimeout(timer);
    },
  };
}

const answers = (url: string): Promise<boolean> =>
  fetch(url, { signal: AbortSignal.timeout(1_000) }).then(
    ({ ok }) => ok,
    () => false, // nobody listens yet
  );

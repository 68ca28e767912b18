import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { ROOT } from '../cli/spawn-cli.js';
import { until } from '../helpers/until.js';

export type Product = {
  child: ChildProcess;
  output(): string;
  /** Its log has this; waits for it, on a machine that is busy with other things for longer. */
  says(words: string, ms?: number): Promise<void>;
  /** Exit status; null after a signal. */
  exit: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
};

const STARTED_WITHIN_MS = 60_000;

/** `diag503 COMMAND` as a user types it, in a process of its own. */
export function startProduct(
  command: string,
  { cwd, env }: { cwd: string; env: Record<string, string> },
  args: readonly string[] = [],
): Product {
  const main = path.join(ROOT, 'src/cli/main.ts');
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), main, command, ...args], {
    cwd,
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  const exit = once(child, 'exit').then(([code]) => code as number | null);
  return {
    child,
    output: () => output,
    exit,
    kill: (signal) => void child.kill(signal),
    says: async (words, ms = STARTED_WITHIN_MS) => {
      const gone = (): boolean => child.exitCode !== null || child.signalCode !== null;
      await until(`${command} says ${words}`, () => output.includes(words) || gone(), ms);
      if (!output.includes(words)) throw new Error(`${command} ended without saying ${words}:\n${output}`);
    },
  };
}

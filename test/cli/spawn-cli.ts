import { spawn } from 'node:child_process';
import path from 'node:path';

export const ROOT = path.resolve(import.meta.dirname, '../..');

export type CliResult = { exitCode: number | null; stdout: string; stderr: string };
type Options = { cwd?: string; env?: Record<string, string>; interruptWhen?: Promise<void> };

/** Runs the real command line in a process of its own, with a bare environment. */
export function cli(
  args: readonly string[],
  { cwd = ROOT, env = {}, interruptWhen }: Options = {},
): Promise<CliResult> {
  const loader = import.meta.resolve('tsx');
  const main = path.join(ROOT, 'src/cli/main.ts');
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, ['--import', loader, main, ...args], {
    cwd,
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output.stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (output.stderr += chunk));
  void interruptWhen?.then(() => child.kill('SIGINT'));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, ...output }));
  });
}

import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import path from 'node:path';

export type Child = {
  /** The first line of its output that begins with `word`, without the word. */
  says(word: string, timeoutMs: number): Promise<string>;
  /** Asks it to end, and waits until it has. */
  stop(): Promise<void>;
  readonly ended: Promise<number | null>;
};

/** Starts a program of the demo that ends when the pipe from this process closes (see end-with-parent.ts). */
export function startChild(file: string, args: readonly string[], env: Record<string, string>): Child {
  const program = path.join(import.meta.dirname, file);
  const child = spawn(process.execPath, ['--import', 'tsx', program, ...args], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true, // a Ctrl-C in the terminal is for the demo, which ends its children in order
  });
  child.stdin.on('error', () => undefined); // it ended before we did: `ended` tells
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => lines.push(line));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return {
    says: (word, timeoutMs) => waitForLine(child, lines, word, timeoutMs),
    stop: () => stop(child, ended),
    ended,
  };
}

async function waitForLine(
  child: ChildProcessWithoutNullStreams,
  lines: readonly string[],
  word: string,
  timeoutMs: number,
): Promise<string> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const line = lines.find((text) => text.startsWith(word));
    if (line !== undefined) return line.slice(word.length).trim();
    if (child.exitCode !== null || Date.now() > deadline)
      throw new Error(
        `${path.basename(child.spawnargs[3] ?? '')} did not start:\n${lines.slice(-15).join('\n')}`,
      );
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** What it is given to end in order, before its pipe is closed on it. */
const STOP_MS = 10_000;

async function stop(child: ChildProcessWithoutNullStreams, ended: Promise<number | null>): Promise<void> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(timer);
}

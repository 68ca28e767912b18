import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { until } from '../../helpers/until.js';

const START_MS = 30_000;

export type Change = {
  /** The moment before its first command. */
  readonly begins: number;
  /** Rejects where a command failed. */
  readonly done: Promise<void>;
};

/** Makes a fault, or undoes it and waits until every service is well. Goes on while a Ctrl-C ends the rest. */
export async function changeLab(verb: 'inject' | 'heal', id: string): Promise<Change> {
  const program = path.join(import.meta.dirname, 'fault.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', program, verb, id], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  const done = once(child, 'close').then(([code]) => {
    if (code !== 0) throw new Error(`${verb} ${id} ended with ${String(code)}: ${output.slice(-1_000)}`);
  });
  done.catch(() => undefined); // whoever waits for it hears of it
  const begun = (): string | undefined => /^begins (\d+)$/m.exec(output)?.[1];
  await until(`${verb} ${id} begins`, () => begun() !== undefined || child.exitCode !== null, START_MS);
  if (begun() === undefined) await done;
  return { begins: Number(begun()), done };
}

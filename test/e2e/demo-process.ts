import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'vitest';
import { ROOT } from '../cli/spawn-cli.js';
import { until } from '../helpers/until.js';

/** Whatever ended the demo, its processes are gone by then. */
const GONE_MS = 5_000;

export type Process = { pid: number; parent: number; words: string };

const LINE = /^\s*(?<pid>\d+)\s+(?<parent>\d+)\s+(?<stat>\S+)\s+(?<words>.*)$/;

/** Those that run; one that has ended and waits for its parent is no longer there. */
const processes = (): Process[] =>
  execFileSync('ps', ['-eo', 'pid=,ppid=,stat=,args=', '-ww'], { encoding: 'utf8' })
    .split('\n')
    .flatMap((line) => {
      const { pid, parent, stat = '', words = '' } = LINE.exec(line)?.groups ?? {};
      return pid === undefined || stat.startsWith('Z')
        ? []
        : [{ pid: Number(pid), parent: Number(parent), words }];
    });

function descendants(pid: number, all = processes()): Process[] {
  const children = all.filter(({ parent }) => parent === pid);
  return children.flatMap((child) => [child, ...descendants(child.pid, all)]);
}

/** `npm run demo` in a process group of its own, and every process that it was seen with. */
export class Demo {
  readonly npm: ChildProcess;
  readonly exit: Promise<number | null>;
  output = '';
  private readonly seen = new Map<number, Process>();

  constructor(args: readonly string[] = []) {
    const { PATH = '', HOME = '' } = process.env;
    this.npm = spawn('npm', ['run', 'demo', '--', ...args], {
      cwd: ROOT,
      env: { PATH, HOME },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true, // a process group of its own, as a terminal gives it one
    });
    for (const stream of [this.npm.stdout!, this.npm.stderr!])
      stream.setEncoding('utf8').on('data', (chunk: string) => (this.output += chunk));
    this.exit = once(this.npm, 'exit').then(([code]) => code as number | null);
  }

  async says(words: string): Promise<void> {
    await until(
      `the demo says ${words}:\n${this.output}`,
      () => {
        this.look();
        return this.output.includes(words) || this.npm.exitCode !== null;
      },
      60_000,
    );
    expect(this.output).toContain(words);
  }

  /** Remembers every process that it has now. */
  look(): Process[] {
    const all = processes();
    const ours = descendants(this.npm.pid ?? 0, all);
    const folders = this.folders(ours);
    const strays = all.filter(({ words }) => folders.some((folder) => words.includes(folder)));
    for (const each of [...ours, ...strays]) this.seen.set(each.pid, each);
    return ours;
  }

  folders(those: Iterable<Process> = this.seen.values()): string[] {
    const found = [...those].flatMap(
      ({ words }) => /\S*\/diag503-demo-[A-Za-z0-9]+/.exec(words)?.[0].replace(/^.*=/, '') ?? [],
    );
    return [...new Set(found)];
  }

  left(): Process[] {
    const folders = this.folders();
    return processes().filter(
      ({ pid, words }) => this.seen.has(pid) || folders.some((folder) => words.includes(folder)),
    );
  }

  async expectNothingLeft(): Promise<void> {
    const since = performance.now();
    await until('no process is left', () => this.left().length === 0, GONE_MS).catch(() => undefined);
    expect(this.left()).toEqual([]);
    console.log(`nothing left after ${Math.round(performance.now() - since)} ms`);
  }

  killAll(): void {
    for (const { pid } of this.left()) process.kill(pid, 'SIGKILL');
    this.npm.kill('SIGKILL');
  }
}

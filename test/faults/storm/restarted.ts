import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Product, startProduct } from '../../e2e/product.js';
import { until } from '../../helpers/until.js';
import { endedWithUs } from '../ended-with-us.js';

/** One process from its start to its end. `endedAt` is null while it lives. */
export type Life = { readonly product: Product; endedAt: number | null };

/** A process of the product under a supervisor: whatever ends it, it is started again. */
export type Restarted = {
  readonly name: string;
  readonly lives: readonly Life[];
  readonly isUp: () => boolean;
  readonly pid: () => number | undefined;
  readonly untilUp: () => Promise<void>;
  /** kill -9. */
  readonly kill: () => void;
  /** Ends that nobody ordered: the process gave up by itself. */
  readonly ownEnds: () => number;
  /** The most memory that one of its processes has held, as the kernel counts it. */
  readonly peakMb: () => number;
  readonly stop: () => Promise<void>;
};

type Options = {
  name: string;
  command: 'bot' | 'worker';
  /** Its log says this when it is ready. */
  ready: string;
  cwd: string;
  env: Record<string, string>;
};

const RESTART_AFTER_MS = 500;
const LOOK_EVERY_MS = 250;
const UP_WITHIN_MS = 120_000;

export function keepRestarted({ name, command, ready, cwd, env }: Options): Restarted {
  const lives: Life[] = [];
  let kills = 0;
  let peakKb = 0;
  let stopping = false;
  const alive = (): Life | undefined => lives.findLast(({ endedAt }) => endedAt === null);
  const supervise = async (): Promise<void> => {
    for (;;) {
      const life: Life = { product: startProduct(command, { cwd, env }), endedAt: null };
      lives.push(life);
      await life.product.exit;
      life.endedAt = Date.now();
      await sleep(RESTART_AFTER_MS);
      if (stopping) return;
    }
  };
  const supervised = supervise();
  const memory = setInterval(() => {
    peakKb = Math.max(peakKb, peakKbOf(alive()?.product.child.pid));
  }, LOOK_EVERY_MS);
  const isUp = (): boolean => alive()?.product.output().includes(ready) === true;

  return {
    name,
    lives,
    isUp,
    pid: () => alive()?.product.child.pid,
    untilUp: () => until(`${name} is up`, isUp, UP_WITHIN_MS),
    kill: () => {
      const life = alive();
      if (life === undefined) return; // it has just ended by itself
      kills += 1;
      life.product.kill('SIGKILL');
    },
    ownEnds: () => lives.filter(({ endedAt }) => endedAt !== null).length - kills,
    peakMb: () => peakKb / 1_024,
    stop: endedWithUs(async () => {
      stopping = true; // also what is between two lives ends there
      clearInterval(memory);
      const life = alive();
      if (life !== undefined) kills += 1;
      life?.product.kill('SIGKILL');
      await supervised;
    }),
  };
}

/** VmHWM: the high-water mark of the resident set. 0 where there is no such process (any more). */
function peakKbOf(pid: number | undefined): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

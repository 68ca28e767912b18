import { readFileSync } from 'node:fs';
import path from 'node:path';
import { cpuMsOf } from '../../helpers/process-cpu.js';
import type { Stage } from './stage.js';

const LOOK_EVERY_MS = 2_000;

/** Seconds of CPU since it began, by whose they are; what a killed process has used after the last look is missing. */
export type CpuMeter = { stop(): Record<string, number> };

/** What the product takes, what its servers take, and what the campaign itself takes: senders, Slack, services. */
export function meterCpu({ bots, workers, postgres }: Stage): CpuMeter {
  const own = process.cpuUsage();
  const used = new Map<string, Map<number, { first: number; last: number }>>();
  const look = (name: string, pid: number | undefined): void => {
    if (pid === undefined) return;
    const ms = cpuMsOf(pid);
    const lives = used.get(name) ?? new Map<number, { first: number; last: number }>();
    // One that began after us began with nothing.
    const first = lives.get(pid)?.first ?? (used.has(name) ? 0 : ms);
    used.set(name, lives.set(pid, { first, last: Math.max(ms, lives.get(pid)?.last ?? 0) }));
  };
  const lookAtAll = (): void => {
    for (const { name, pid } of [...bots, ...workers]) look(name, pid());
    look('PostgreSQL', postmasterOf(postgres.dataDir));
  };
  lookAtAll();
  const timer = setInterval(lookAtAll, LOOK_EVERY_MS);
  return {
    stop: () => {
      clearInterval(timer);
      lookAtAll();
      const { user, system } = process.cpuUsage(own);
      const seconds = [...used].map(([name, lives]): [string, number] => [
        name,
        [...lives.values()].reduce((sum, { first, last }) => sum + last - first, 0) / 1_000,
      ]);
      return { ...Object.fromEntries(seconds), 'the campaign itself': (user + system) / 1_000_000 };
    },
  };
}

function postmasterOf(dataDir: string): number | undefined {
  try {
    return Number(readFileSync(path.join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]);
  } catch {
    return undefined; // it is down
  }
}

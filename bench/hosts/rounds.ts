import { setTimeout as sleep } from 'node:timers/promises';
import type { ToolId } from '../tools/index.js';
import type { Session } from './tool.js';
import type { LabHost } from '../../test/lab/host.js';
import { cpuOf } from './site.js';

export type Row = {
  id: ToolId;
  wallMs: number[];
  callerCpuMs: number[];
  /** Of one host, what it does without us taken off. */
  targetCpuMs: number[];
  peakBytes: number;
  /** Looks in which an answer was missing: told, and not counted as fast. */
  failures: string[];
};

export type Entry = { id: ToolId; slow: boolean; session: Session };

export type Plan = {
  runs: number;
  /** A slow tool stops before it has taken longer than this, but looks at least once. */
  slowSeconds: number;
  hosts: readonly LabHost[];
  idleCpuShare: number;
  signal: AbortSignal;
};

/** What a look leaves behind on a host: sshd ends the session, the journal writes. */
const SETTLE_MS = 150;
const SAMPLE_MS = 15;

/** A B C, A B C, …: whatever else the machine does hits all alike. */
export async function measureInRounds(entries: readonly Entry[], plan: Plan): Promise<Row[]> {
  const rows = entries.map(({ id }) => ({
    ...{ id, peakBytes: 0 },
    failures: [] as string[],
    ...{ wallMs: [] as number[], callerCpuMs: [] as number[], targetCpuMs: [] as number[] },
  }));
  for (const [index, { session, slow }] of entries.entries()) {
    const row = rows[index];
    plan.signal.throwIfAborted();
    if (row && !slow) await noted(row, async () => void (row.peakBytes = await peakOf(session)));
  }
  for (let round = 0; round < plan.runs; round += 1)
    for (const [index, { session, slow }] of entries.entries()) {
      const row = rows[index];
      if (!row || (slow && !hasTime(row, plan.slowSeconds))) continue;
      plan.signal.throwIfAborted();
      await noted(row, () => measureOnce(session, row, plan));
    }
  return rows;
}

const noted = async (row: Row, work: () => Promise<void>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    row.failures.push(error instanceof Error ? error.message : String(error));
  }
};

const hasTime = ({ wallMs, failures }: Row, seconds: number): boolean => {
  const spent = wallMs.reduce((sum, ms) => sum + ms, 0);
  return wallMs.length + failures.length === 0 || spent + spent / wallMs.length <= seconds * 1000;
};

async function measureOnce(session: Session, row: Row, { hosts, idleCpuShare }: Plan): Promise<void> {
  const startedAt = performance.now();
  const [targets, caller] = [cpuOf(hosts), session.cpuMs()];
  const wallMs = await session.look();
  const callerAfter = session.cpuMs();
  await sleep(SETTLE_MS);
  const idleMs = idleCpuShare * (performance.now() - startedAt);
  row.wallMs.push(wallMs);
  row.callerCpuMs.push(callerAfter - caller);
  row.targetCpuMs.push(Math.max(0, cpuOf(hosts) - targets - idleMs) / hosts.length);
}

/** A look of its own: to watch its memory takes time, which would be measured too. */
async function peakOf(session: Session): Promise<number> {
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, session.memoryBytes());
  }, SAMPLE_MS);
  try {
    await session.look();
  } finally {
    clearInterval(timer);
  }
  return Math.max(peak, session.memoryBytes());
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
};

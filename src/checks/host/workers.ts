import type { Process, UnitProcesses } from '../../probes/unit-processes.js';
import type { WorkerSocket, WorkerSockets } from '../../probes/worker-sockets.js';

/** Silence from which a request or an answer is being waited for rather than just under way. */
const WAITING_MS = 200;
/** A request that has gone unanswered for so long holds its worker. */
const HELD_MS = 2_000;

export type Waiting = { readonly peer: string; readonly workers: number; readonly lines: readonly string[] };

export type Workers = {
  readonly count: number;
  /** Mean of one core each. */
  readonly cpuShare: number;
  /** Mean share of the time in which they could run and waited for a core; null where the kernel does not tell. */
  readonly delayShare: number | null;
  /** Running or ready to run at the second sample. */
  readonly runnable: number;
  readonly inRequest: number;
  /** In a request that came in at least two seconds ago. */
  readonly held: number;
  readonly inDiskWait: number;
  /** By a signal, or by a debugger. */
  readonly stopped: number;
  readonly threads: number;
  /** Whom they sent something to and have not heard from since, most workers first. */
  readonly waitingOn: readonly Waiting[];
};

/** The processes that answer requests: those of the unit that have no children in it, or the only one. */
export function workerProcesses({ processes }: UnitProcesses): Process[] {
  const alive = processes.filter(({ state }) => state !== 'Z');
  const parents = new Set(alive.map(({ parentPid }) => parentPid));
  const leaves = alive.filter(({ pid }) => !parents.has(pid));
  return leaves.length > 0 ? leaves : alive;
}

export function summariseWorkers(fact: UnitProcesses, sockets: WorkerSockets | undefined): Workers {
  const workers = workerProcesses(fact);
  const shares = workers.flatMap(({ cpuShare }) => (cpuShare === null ? [] : [cpuShare]));
  const requests = (sockets?.sockets ?? []).filter((socket) => socket.inbound && isUnanswered(socket));
  return {
    count: workers.length,
    cpuShare: meanOf(shares) ?? 0,
    delayShare: meanOf(workers.flatMap(({ delayShare }) => delayShare ?? [])),
    runnable: workers.filter(({ state }) => state === 'R').length,
    inRequest: holders(requests, workers),
    held: holders(
      requests.filter(({ lastReceivedMs }) => (lastReceivedMs ?? 0) >= HELD_MS),
      workers,
    ),
    stopped: workers.filter(({ state }) => state === 'T' || state === 't').length,
    inDiskWait: workers.filter(({ state }) => state === 'D').length,
    threads: Math.max(0, ...workers.map(({ threads }) => threads)),
    waitingOn: waitingOn(sockets, workers),
  };
}

const meanOf = (shares: readonly number[]): number | null =>
  shares.length === 0 ? null : shares.reduce((sum, share) => sum + share, 0) / shares.length;

/** Accepted, and more was received than sent last: an idle kept-alive connection is the other way round. */
const isUnanswered = ({ accepted, lastSentMs, lastReceivedMs }: WorkerSocket): boolean =>
  accepted && (lastSentMs === null || lastReceivedMs === null || lastReceivedMs <= lastSentMs);

/** Where the sockets' processes may not be read, one socket stands for one worker. */
function holders(sockets: readonly WorkerSocket[], workers: readonly Process[]): number {
  if (!sockets.some(({ pids }) => pids.length > 0)) return Math.min(sockets.length, workers.length);
  const pids = new Set(sockets.flatMap((socket) => socket.pids));
  return workers.filter(({ pid }) => pids.has(pid)).length;
}

function waitingOn(sockets: WorkerSockets | undefined, workers: readonly Process[]): Waiting[] {
  const peers = new Map<string, WorkerSocket[]>();
  for (const socket of sockets?.sockets ?? []) {
    if (!isAsking(socket)) continue;
    const peer = `${socket.peer}:${socket.peerPort}`;
    peers.set(peer, [...(peers.get(peer) ?? []), socket]);
  }
  return [...peers]
    .map(([peer, held]) => ({ peer, workers: holders(held, workers), lines: held.map(({ line }) => line) }))
    .filter((waiting) => waiting.workers > 0)
    .sort((a, b) => b.workers - a.workers);
}

/** Asked, and not heard since. An idle connection of a pool was heard last. */
function isAsking({ inbound, lastSentMs, lastReceivedMs, heard }: WorkerSocket): boolean {
  if (inbound || lastSentMs === null || lastReceivedMs === null) return false;
  return lastReceivedMs >= WAITING_MS && (lastSentMs < lastReceivedMs || heard === false);
}

/** Of one core. Half of it is work, not waiting. */
const BUSY = 0.5;
/** Below this a worker does nothing but wait: fewer than 2 ticks of 10 ms in the 0.3 s between the samples. */
const ASLEEP = 0.05;
/** The same where the kernel tells in nanoseconds for how long it wanted a core in vain: a busy CPU costs it less than a fifth of its time. Ours. */
const HARDLY_AWAKE = 0.2;

/** Use a core, wait for one, or neither; null in between. Who sleeps is not slowed by a busy CPU. */
export function useOfCpu(
  { count, cpuShare, delayShare, runnable }: Workers,
  cores = count,
): 'compute' | 'starve' | 'asleep' | null {
  // More workers than cores cannot have half a core each.
  if (cpuShare >= BUSY * Math.min(1, cores / count)) return 'compute';
  const wanted = cpuShare + (delayShare ?? 0);
  if (wanted >= BUSY || (delayShare === null && runnable * 2 >= count)) return 'starve';
  return wanted < (delayShare === null ? ASLEEP : HARDLY_AWAKE) && runnable === 0 ? 'asleep' : null;
}

import type { Service } from '../../model/service.js';
import type { Facts } from '../../probes/index.js';
import { secondsSince } from './clock.js';
import { fullestQueue, onPort, steadyQueue } from './port.js';
import { summariseWorkers } from './workers.js';

/** A large application loads for about so long before it takes its first connection. Ours. */
const LOADING_SECONDS = 60;

type Host = {
  readonly unit: Facts['unitState'] | undefined;
  readonly sockets: Facts['listenSockets'] | undefined;
  readonly processes: Facts['unitProcesses'] | undefined;
  readonly workerSockets: Facts['workerSockets'] | undefined;
};

/**
 * A unit that runs for systemd, with its port open from the first moment (gunicorn, sockets of systemd), whose workers
 * are still loading: connections wait, and none was taken. Who hangs or is overloaded is in a request, or waits for
 * somebody.
 */
export function loadingOf(
  { unit, sockets, processes, workerSockets }: Host,
  service: Service,
  nowMs: number,
): { readonly seconds: number; readonly queued: number; readonly line: string } | null {
  // What systemd had to start again is a matter of its crash.
  if (unit?.activeState !== 'active' || unit.restarts > 0 || unit.execMainStartAt === null) return null;
  const seconds = secondsSince(unit.execMainStartAt, nowMs);
  const socket = fullestQueue(onPort(sockets ?? [], service));
  if (seconds > LOADING_SECONDS || socket === undefined || !takeNobody(processes, workerSockets)) return null;
  const queued = steadyQueue(socket);
  return queued === 0 ? null : { seconds, queued, line: socket.line };
}

/** No connection is held, be it idle: who asks a database has served, or is about to. And all of them were read. */
const takeNobody = (processes: Host['processes'], seen: Host['workerSockets']): boolean => {
  if (processes === undefined || seen === undefined || seen.cut) return false;
  const { count, stopped } = summariseWorkers(processes, seen);
  return count > 0 && stopped === 0 && !seen.sockets.some(({ accepted }) => accepted);
};

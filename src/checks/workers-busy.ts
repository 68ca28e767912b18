import { servicePort } from '../model/service.js';
import type { Quote } from './define-check.js';
import { defineHostCheck } from './define-check.js';
import { percent } from './host/clock.js';
import { fullestQueue, onPort, steadyQueue } from './host/port.js';
import { summariseWorkers, workerProcesses, type Workers } from './host/workers.js';

/** Mean share of a core for each worker from which they compute rather than wait. */
const COMPUTING = 0.5;
/** A single process that serves from an event loop is full at one core. */
const EVENT_LOOP_FULL = 0.9;
/** Below this a worker does nothing but wait: 2 ticks of 10 ms in the 0.4 s between the samples. */
const IDLE = 0.05;
const MAX_QUOTED = 4;

export const workersBusy = defineHostCheck({
  id: 'workers-busy',
  cause: 'overload',
  title: 'All workers are busy',
  needs: ['unitProcesses', 'listenSockets'],
  uses: ['workerSockets', 'cpuPressure'],

  evaluate({ unitProcesses, listenSockets, workerSockets, cpuPressure }, { service }) {
    const workers = summariseWorkers(unitProcesses.fact, workerSockets?.fact);
    if (workers.count === 0) return { status: 'skipped', reason: 'the service has no process on this host' };
    const socket = fullestQueue(onPort(listenSockets.fact, service));
    if (socket === undefined)
      return { status: 'skipped', reason: `nothing listens on port ${servicePort(service)}` };

    const queued = steadyQueue(socket);
    const numbers = `${workers.inRequest} of ${workers.count} workers in a request, CPU ${percent(workers.cpuShare)} of a core each, ${queued} connections waiting`;
    if (!areBusy(workers, queued)) return { status: 'passed', summary: numbers };

    const evidence: Quote[] = [
      { from: listenSockets, excerpt: socket.line },
      { from: unitProcesses, excerpt: processLines(unitProcesses.fact) },
    ];
    const peer = workers.waitingOn[0];
    if (isComputing(workers, cpuPressure?.fact.cores)) {
      return {
        status: 'failed',
        confidence: queued > 0 ? 'confirmed' : 'likely',
        summary: `${numbers}: they compute`,
        evidence,
        remediations: ['drain-host'],
      };
    }
    if (workerSockets !== undefined && peer !== undefined && peer.workers * 2 >= workers.count) {
      evidence.push({ from: workerSockets, excerpt: peer.lines.slice(0, MAX_QUOTED).join('\n') });
      return {
        status: 'failed',
        cause: 'dependency',
        confidence: peer.workers === workers.count ? 'likely' : 'possible',
        summary: `${numbers}: ${peer.workers} wait for an answer of ${peer.peer}`,
        evidence,
      };
    }
    return {
      status: 'failed',
      confidence: 'likely',
      summary: `${numbers}: ${whatTheyDo(workers)}`,
      evidence,
      remediations: ['restart-service'],
    };
  },
});

/** Each in a request with connections waiting behind, or in the same request for seconds. */
function areBusy({ count, inRequest, held, cpuShare }: Workers, queued: number): boolean {
  if (queued >= Math.max(2, count / 2)) return true;
  if (count === 1) return cpuShare >= EVENT_LOOP_FULL;
  return inRequest === count && (queued > 0 || held === count);
}

/** More workers than cores cannot have half a core each. */
const isComputing = ({ cpuShare, count }: Workers, cores = count): boolean =>
  cpuShare >= COMPUTING * Math.min(1, cores / count);

function whatTheyDo({ cpuShare, inDiskWait, count }: Workers): string {
  if (inDiskWait * 2 >= count) return `${inDiskWait} wait for a disk`;
  if (cpuShare < IDLE) return 'they neither compute nor wait for a connection (a sleep, a lock, or hung)';
  return 'they do not keep up';
}

const processLines = (fact: Parameters<typeof workerProcesses>[0]): string =>
  workerProcesses(fact)
    .slice(0, MAX_QUOTED)
    .map(
      ({ pid, command, state, cpuShare, waitsIn }) =>
        `${pid} ${command} state ${state} cpu ${cpuShare === null ? '?' : percent(cpuShare)}${waitsIn === '' ? '' : ` in ${waitsIn}`}`,
    )
    .join('\n');

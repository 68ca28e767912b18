import { servicePort, type Service } from '../model/service.js';
import { countOf } from '../model/words.js';
import type { HttpAnswer } from '../probes/http-answer.js';
import type { ListenSocket } from '../probes/listen-sockets.js';
import type { ProxyLog } from '../probes/proxy-log.js';
import type { Observed, Outcome, Quote } from './define-check.js';
import { defineHostCheck } from './define-check.js';
import { isNginxOwn, isSilent } from './evidence/answers.js';
import { isOfService, recentProxyLines } from './evidence/proxy-lines.js';
import { percent } from './host/clock.js';
import { fullestQueue, onPort, steadyQueue } from './host/port.js';
import { summariseWorkers, useOfCpu, workerProcesses, type Workers } from './host/workers.js';

/** A single process that serves from an event loop is full at one core. */
const EVENT_LOOP_FULL = 0.9;
const MAX_QUOTED = 4;

export const workersBusy = defineHostCheck({
  id: 'workers-busy',
  cause: 'overload',
  title: 'All workers are busy',
  refutedBy: 'an idle worker and a short queue',
  needs: ['unitProcesses', 'listenSockets'],
  uses: ['workerSockets', 'cpuPressure', 'appAnswer', 'healthAnswer', 'proxyLog'],

  evaluate(
    { unitProcesses, listenSockets, workerSockets, cpuPressure, appAnswer, healthAnswer, proxyLog },
    { service },
  ) {
    const workers = summariseWorkers(unitProcesses.fact, workerSockets?.fact);
    if (workers.count === 0) return { status: 'skipped', reason: 'the service has no process on this host' };
    const asked = [appAnswer, healthAnswer];
    const socket = fullestQueue([
      ...behindProxy(listenSockets.fact, { proxyLog, asked }, service),
      ...onPort(listenSockets.fact, service),
    ]);
    if (socket === undefined)
      return { status: 'skipped', reason: `nothing listens on port ${servicePort(service)}` };

    const queued = steadyQueue(socket);
    const numbers = `${workers.inRequest} of ${workers.count} workers in a request, CPU ${percent(workers.cpuShare)} of a core each, ${countOf(queued, 'connection')} waiting`;
    if (!areBusy(workers, queued) && !areHung(workers, asked)) return { status: 'passed', summary: numbers };

    const evidence: Quote[] = [
      { from: listenSockets, excerpt: socket.line },
      { from: unitProcesses, excerpt: processLines(unitProcesses.fact) },
    ];
    const use = useOfCpu(workers, cpuPressure?.fact.cores);
    if (use === 'compute' || use === 'starve') {
      return {
        status: 'failed',
        confidence: queued > 0 ? 'confirmed' : 'likely',
        summary: `${numbers}: ${use === 'compute' ? 'they compute' : delayWords(workers)}`,
        evidence,
        workers: use,
        remediations: ['drain-host'],
      };
    }
    return waitsForPeer(workers, numbers, evidence, workerSockets) ?? idles(workers, numbers, evidence, use);
  },
});

function waitsForPeer(
  { waitingOn, count }: Workers,
  numbers: string,
  evidence: readonly Quote[],
  from: Observed<unknown> | undefined,
): Outcome | undefined {
  const peer = waitingOn[0];
  if (from === undefined || peer === undefined || peer.workers * 2 < count) return undefined;
  return {
    status: 'failed',
    cause: 'dependency',
    confidence: peer.workers === count ? 'likely' : 'possible',
    summary: `${numbers}: ${peer.workers} wait for an answer of ${peer.peer}`,
    evidence: [...evidence, { from, excerpt: peer.lines.slice(0, MAX_QUOTED).join('\n') }],
    workers: 'wait',
  };
}

const idles = (
  workers: Workers,
  numbers: string,
  evidence: readonly Quote[],
  use: ReturnType<typeof useOfCpu>,
): Outcome => ({
  status: 'failed',
  confidence: isStopped(workers) ? 'confirmed' : 'likely',
  summary: `${numbers}: ${whatTheyDo(workers, use)}`,
  evidence,
  ...(use === 'asleep' || isInDiskWait(workers) ? { workers: 'wait' as const } : {}),
  // Out of the pool nobody meets it meanwhile; where all hosts are so, nothing is drained.
  remediations: ['restart-service', 'drain-host'],
});

/**
 * Behind the port of nginx the workers may take requests from a socket of the file system, which nginx names. Other parts of
 * a site have their own: it matters where our question to the app was left waiting.
 */
function behindProxy(
  sockets: readonly ListenSocket[],
  { proxyLog, asked }: { proxyLog: Observed<ProxyLog> | undefined; asked: readonly Asked[] },
  service: Service,
): readonly ListenSocket[] {
  if (proxyLog === undefined || !asked.some((seen) => seen !== undefined && isLeftWaiting(seen.fact)))
    return [];
  const named = new Set(
    recentProxyLines([proxyLog], ['upstream-timeout', 'upstream-unreachable'])
      .filter((hit) => isOfService(hit, service))
      .flatMap(({ upstream }) => /^\w+:\/\/unix:([^:]+)/.exec(upstream ?? '')?.[1] ?? []),
  );
  return sockets.filter(({ address }) => named.has(address));
}

const isLeftWaiting = (answer: HttpAnswer): boolean =>
  isSilent(answer) || (isNginxOwn(answer) && (answer.status === 502 || answer.status === 504));

type Asked = Observed<HttpAnswer> | undefined;

/** Connections are taken and not answered: threads and event loops accept more than they get done. */
function areHung({ held }: Workers, asked: readonly Asked[]): boolean {
  const answers = asked.flatMap((seen) => seen?.fact ?? []);
  return held > 0 && answers.length > 0 && answers.every(isSilent);
}

/** Each in a request with connections waiting behind, or in the same request for seconds. */
function areBusy({ count, inRequest, held, cpuShare }: Workers, queued: number): boolean {
  if (queued >= Math.max(2, count / 2)) return true;
  if (count === 1) return cpuShare >= EVENT_LOOP_FULL;
  return inRequest === count && (queued > 0 || held === count);
}

const delayWords = ({ delayShare, runnable }: Workers): string =>
  delayShare === null
    ? `${runnable} of them are ready to run`
    : `they wait for a core ${percent(delayShare)} of the time`;

const isStopped = ({ stopped, count }: Workers): boolean => stopped === count;
const isInDiskWait = ({ inDiskWait, count }: Workers): boolean => inDiskWait * 2 >= count;

function whatTheyDo(workers: Workers, use: ReturnType<typeof useOfCpu>): string {
  if (isStopped(workers)) return 'a signal has stopped them (state T): SIGCONT lets them go on';
  if (isInDiskWait(workers)) return `${workers.inDiskWait} wait for a disk`;
  if (use === 'asleep') return 'they neither compute nor wait for a connection (a sleep, a lock, or hung)';
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

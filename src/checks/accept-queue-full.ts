import { servicePort, type Service } from '../model/service.js';
import { countOf } from '../model/words.js';
import type { Facts } from '../probes/index.js';
import { defineHostCheck, type Observed, type Outcome, type Quote } from './define-check.js';
import {
  isOfService,
  quoteProxyLines,
  recentProxyLines,
  UPSTREAM,
  wordsOf,
  type ProxyHit,
} from './evidence/proxy-lines.js';
import { fullestQueue, isOwnAddress, onPort, steadyQueue } from './host/port.js';
import { summariseWorkers } from './host/workers.js';

/** One slow second fills what is left of the queue, so the last fifth already counts as likely. */
const NEARLY_FULL = 0.8;

export const acceptQueueFull = defineHostCheck({
  id: 'accept-queue-full',
  cause: 'overload',
  title: 'Accept queue is full',
  refutedBy: 'room in the accept queue (below 80 %) at one of two looks, and nobody turned away from it',
  needs: ['listenSockets'],
  uses: ['tcpCounters', 'unitProcesses', 'workerSockets', 'proxyLog'],

  evaluate({ listenSockets, tcpCounters, unitProcesses, workerSockets, proxyLog }, { service }) {
    const turned = turnedAway(proxyLog, tcpCounters, service);
    const port = servicePort(service);
    const socket = fullestQueue(onPort(listenSockets.fact, service));
    if (socket === undefined)
      return turned ?? { status: 'skipped', reason: `nothing listens on port ${port}` };

    const { limit, line, lineAgain } = socket;
    const queued = steadyQueue(socket);
    // The kernel holds limit + 1 (ss: Recv-Q > Send-Q), and turns away what comes after.
    const full = queued > limit;
    if (!full && queued < Math.max(limit * NEARLY_FULL, 1)) {
      return turned ?? { status: 'passed', summary: `accept queue ${queued} of ${limit}` };
    }
    const waiting = unitProcesses && summariseWorkers(unitProcesses.fact, workerSockets?.fact).waitingOn[0];
    const because =
      waiting === undefined ? '' : `; ${countOf(waiting.workers, 'worker')} waiting for ${waiting.peer}`;
    return {
      status: 'failed',
      // A queue behind workers that wait for something else is a consequence, not load.
      confidence: full && waiting === undefined ? 'confirmed' : 'likely',
      summary: `${queued} of ${limit + 1} places in the accept queue of port ${port} are taken: the workers do not accept${because}`,
      evidence: [
        { from: listenSockets, excerpt: lineAgain === null ? line : `${line}\n${lineAgain}` },
        ...overflowQuotes(tcpCounters),
      ],
      remediations: ['drain-host', 'restart-service'],
    };
  },
});

/** More than a burst of one moment. Ours. */
const MANY_TURNED_AWAY = 5;
/** A crowd comes in waves, and members that it took out come back between them. Ours. */
const FRESH_SECONDS = 30;

/**
 * nginx on the same host was turned away a moment ago. connect(2) to a unix socket gives EAGAIN for one reason, a full
 * backlog; one to a port of the host itself waits in vain where its queue overflows, which the kernel counts while we look.
 */
function turnedAway(
  log: Observed<Facts['proxyLog']> | undefined,
  counters: Observed<Facts['tcpCounters']> | undefined,
  service: Service,
): Outcome | null {
  // All since boot may be of another day.
  const overflowed = (counters?.fact.listenOverflows ?? 0) > 0;
  const logs = log === undefined ? [] : [log];
  const hits = recentProxyLines(logs, ['upstream-unreachable', 'upstream-timeout']).filter(
    (hit) => (isFullSocket(hit) && isOfService(hit, service)) || (overflowed && isFullPort(hit, service)),
  );
  const [first] = hits;
  if (first === undefined || !hits.some(({ ageSeconds }) => ageSeconds <= FRESH_SECONDS)) return null;
  const where = /unix:[^:]+/.exec(first.upstream ?? '')?.[0] ?? `port ${String(servicePort(service))}`;
  return {
    status: 'failed',
    confidence: hits.length >= MANY_TURNED_AWAY ? 'likely' : 'possible',
    summary: `nginx was turned away ${countOf(hits.length, 'time')} in the last 2 minutes from ${where}: the queue there is full at times, the workers do not accept`,
    evidence: [...quoteProxyLines(hits), ...overflowQuotes(counters)],
    since: first.at,
    remediations: ['drain-host', 'restart-service'],
  };
}

const isFullSocket = ({ upstream, line }: ProxyHit): boolean =>
  /^\w+:\/\/unix:/.test(upstream ?? '') && wordsOf(line).includes('(11: ');

const isFullPort = ({ upstream, line }: ProxyHit, service: Service): boolean => {
  const [, host = '', port] = UPSTREAM.exec(upstream ?? '') ?? [];
  return (
    /\(110: .* while connecting to upstream/.test(wordsOf(line)) &&
    Number(port) === servicePort(service) &&
    isOwnAddress(host)
  );
};

function overflowQuotes(counters: Observed<Facts['tcpCounters']> | undefined): Quote[] {
  if (counters === undefined || counters.fact.listenOverflows === 0) return [];
  const { listenOverflows, seconds } = counters.fact;
  return [
    { from: counters, excerpt: `TcpExtListenOverflows +${listenOverflows} in ${seconds.toFixed(1)} s` },
  ];
}

import { servicePort } from '../model/service.js';
import { countOf } from '../model/words.js';
import type { Facts } from '../probes/index.js';
import { defineHostCheck, type Observed, type Outcome, type Quote } from './define-check.js';
import { goesOn, quoteProxyLines, recentProxyLines } from './evidence/proxy-lines.js';
import { fullestQueue, onPort, steadyQueue } from './host/port.js';
import { summariseWorkers } from './host/workers.js';

/** One slow second fills what is left of the queue, so the last fifth already counts as likely. */
const NEARLY_FULL = 0.8;

export const acceptQueueFull = defineHostCheck({
  id: 'accept-queue-full',
  cause: 'overload',
  title: 'Accept queue is full',
  refutedBy: 'room in the accept queue (below 80 %) at one of two looks',
  needs: ['listenSockets'],
  uses: ['tcpCounters', 'unitProcesses', 'workerSockets', 'proxyLog'],

  evaluate({ listenSockets, tcpCounters, unitProcesses, workerSockets, proxyLog }, { service }) {
    const turnedAway = turnedAwayBySocket(proxyLog);
    if (turnedAway !== null) return turnedAway;
    const port = servicePort(service);
    const socket = fullestQueue(onPort(listenSockets.fact, service));
    if (socket === undefined) return { status: 'skipped', reason: `nothing listens on port ${port}` };

    const { limit, line, lineAgain } = socket;
    const queued = steadyQueue(socket);
    // The kernel holds limit + 1 (ss: Recv-Q > Send-Q), and turns away what comes after.
    const full = queued > limit;
    if (!full && queued < Math.max(limit * NEARLY_FULL, 1)) {
      return { status: 'passed', summary: `accept queue ${queued} of ${limit}` };
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

/** connect(2) to a unix socket gives EAGAIN for one reason: its backlog is full. What is in it now is another moment. */
function turnedAwayBySocket(log: Observed<Facts['proxyLog']> | undefined): Outcome | null {
  const hits = recentProxyLines(log === undefined ? [] : [log], ['upstream-unreachable']).filter(
    ({ upstream, line }) => /^\w+:\/\/unix:/.test(upstream ?? '') && line.includes('(11: '),
  );
  const [first] = hits;
  if (first === undefined || !goesOn(hits)) return null;
  return {
    status: 'failed',
    confidence: hits.length >= MANY_TURNED_AWAY ? 'likely' : 'possible',
    summary: `nginx was turned away ${countOf(hits.length, 'time')} in the last 2 minutes from ${/unix:[^:]+/.exec(first.upstream ?? '')?.[0] ?? 'its socket'}: the queue there is full, the workers do not accept`,
    evidence: quoteProxyLines(hits),
    since: first.at,
    remediations: ['drain-host', 'restart-service'],
  };
}

function overflowQuotes(counters: Observed<Facts['tcpCounters']> | undefined): Quote[] {
  if (counters === undefined || counters.fact.listenOverflows === 0) return [];
  const { listenOverflows, seconds } = counters.fact;
  return [
    { from: counters, excerpt: `TcpExtListenOverflows +${listenOverflows} in ${seconds.toFixed(1)} s` },
  ];
}

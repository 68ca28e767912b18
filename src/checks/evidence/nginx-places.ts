import { servicePort, type Service } from '../../model/service.js';
import { countOf } from '../../model/words.js';
import type { HttpAnswer } from '../../probes/http-answer.js';
import type { ProxyLog } from '../../probes/proxy-log.js';
import type { WorkerSocket, WorkerSockets } from '../../probes/worker-sockets.js';
import type { Observed, Outcome } from '../define-check.js';
import { isOwnAddress } from '../host/port.js';
import { isUnanswered } from '../host/workers.js';
import { isServed } from './answers.js';
import { goesOn, isOfService, quoteProxyLines, recentProxyLines, UPSTREAM } from './proxy-lines.js';

/** A handful is a peak; more is what users feel. Ours. */
const MANY = 5;
/** Longer with the app than an answer that is under way. Ours. */
const HELD_MS = 1000;
const FAILURES = [
  'upstream-refused',
  'upstream-timeout',
  'upstream-unreachable',
  'upstream-closed',
  'upstream-unusable',
  'upstream-not-begun',
] as const;

type Read = {
  readonly proxyLog: readonly Observed<ProxyLog>[];
  readonly appAnswer: readonly Observed<HttpAnswer>[];
  readonly workerSockets: readonly Observed<WorkerSockets>[];
};

/**
 * `max_conns` of an upstream: nginx has as many requests with the app as it may, and answers 502 at once ("no live
 * upstreams"). It says the same of servers that failed and of ones marked `down`, and passes nothing to either: requests
 * that it passed on after the last one that failed, and that the app has not answered yet, tell the limit from both.
 */
export const placesTaken = (read: Read, service: Service): Outcome | null => {
  const hosts = read.proxyLog.flatMap((log) => {
    const isWell = read.appAnswer.some(({ target, fact }) => target.name === log.via && isServed(fact));
    const refused = refusedAtOnce(log, service);
    const sockets = read.workerSockets.find(({ target }) => target.name === log.via);
    const held = heldAfter(sockets?.fact, lastFailure(log, service));
    return isWell && sockets !== undefined && held.length > 0 && refused.length >= MANY && goesOn(refused)
      ? [{ refused, sockets, held }]
      : [];
  });
  const refused = hosts.flatMap((host) => host.refused);
  const [first] = refused;
  if (first === undefined) return null;
  const most = Math.max(...hosts.map(({ held }) => held.length));
  return {
    status: 'failed',
    confidence: 'likely',
    cause: 'overload',
    summary: `nginx of ${String(hosts.length)} of ${countOf(service.hosts.length, 'host')} refused ${countOf(refused.length, 'request')} of the last 2 minutes at once ("no live upstreams"), while the app answers whoever asks it directly and keeps ${countOf(most, 'request')} of nginx waiting: as many as it may pass on (\`max_conns\`)`,
    evidence: [
      ...quoteProxyLines(refused),
      ...hosts.map(({ sockets, held }) => ({
        from: sockets,
        excerpt: held.map(({ line }) => line).join('\n'),
      })),
    ],
    since: first.at,
    remediations: ['reload-proxy'],
  };
};

/** Where nginx has ended, its lines tell of before. */
const refusedAtOnce = (log: Observed<ProxyLog>, service: Service): ReturnType<typeof recentProxyLines> =>
  log.fact.processes === 0
    ? []
    : recentProxyLines([log], ['no-live-upstreams']).filter((hit) => isOfService(hit, service));

/** Seconds ago. */
const lastFailure = (log: Observed<ProxyLog>, service: Service): number =>
  Math.min(
    Infinity,
    ...recentProxyLines([log], FAILURES)
      .filter(({ upstream }) => Number(UPSTREAM.exec(upstream ?? '')?.[2]) === servicePort(service))
      .map(({ ageSeconds }) => ageSeconds),
  );

/** One alone may be how nginx finds out whether a server that failed serves again. */
const heldAfter = (sockets: WorkerSockets | undefined, failureSeconds: number): WorkerSocket[] => {
  const held = sockets?.sockets.filter((socket) => isHeld(socket, failureSeconds)) ?? [];
  return held.length === 1 && failureSeconds < Infinity ? [] : held;
};

const isHeld = (socket: WorkerSocket, lastFailureSeconds: number): boolean =>
  socket.inbound &&
  isOwnAddress(socket.peer) &&
  isUnanswered(socket) &&
  socket.lastReceivedMs !== null &&
  socket.lastReceivedMs >= HELD_MS &&
  socket.lastReceivedMs < lastFailureSeconds * 1000;

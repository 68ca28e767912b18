import { servicePort, type Service } from '../../model/service.js';
import { countOf } from '../../model/words.js';
import type { HttpAnswer } from '../../probes/http-answer.js';
import type { ProxyLog } from '../../probes/proxy-log.js';
import type { Observed, Outcome } from '../define-check.js';
import { isServed } from './answers.js';
import { NOW_SECONDS } from './nginx-astray.js';
import { isOfService, linesOfRunning, quoteProxyLines, UPSTREAM, type ProxyHit } from './proxy-lines.js';

/** nginx asks an upstream that failed again after 10 s (`fail_timeout`), unless told otherwise; a second of rounding each. */
const ASKED_AGAIN_SECONDS = 12;
/** A balancer's check or a user asks within this. Ours. */
const AT_ONCE_SECONDS = 5;
const NO_ATTEMPT = 'no-live-upstreams';
/** The app was not there. A late answer counts against it as well, but comes of an app that is full. */
const AWAY = ['upstream-refused', 'upstream-unreachable'] as const;
const ATTEMPTS = [
  ...AWAY,
  ...(['upstream-timeout', 'upstream-closed', 'upstream-unusable', 'upstream-not-begun'] as const),
];

/**
 * `fail_timeout` of minutes: an app that was away for a moment is asked no more, though it serves by now. A full
 * `max_conns` says the same, without an attempt that failed.
 */
export const givenUp = (
  logs: readonly Observed<ProxyLog>[],
  inner: readonly Observed<HttpAnswer>[],
  service: Service,
): Outcome | null => {
  const isWell = ({ via }: Observed<ProxyLog>): boolean =>
    inner.some(({ target, fact }) => target.name === via && isServed(fact));
  const hosts = logs.filter(isWell).flatMap((log) => {
    const own = linesOfRunning([log], [NO_ATTEMPT, ...ATTEMPTS]).filter((hit) => isOfService(hit, service));
    const tried = own.filter(({ kind }) => kind !== NO_ATTEMPT);
    const [latest] = tried.toSorted((a, b) => a.ageSeconds - b.ageSeconds);
    // Other parts of the site have places of their own.
    const isApps = Number(UPSTREAM.exec(latest?.upstream ?? '')?.[2]) === servicePort(service);
    const wasAway = isApps && AWAY.some((kind) => kind === latest?.kind);
    const last = latest?.ageSeconds ?? Infinity;
    const since = own.filter(({ kind, ageSeconds }) => kind === NO_ATTEMPT && ageSeconds <= last);
    const ages = since.map(({ ageSeconds }) => ageSeconds);
    const [newest, oldest] = [Math.min(...ages), Math.max(...ages)];
    const isAsked = newest > NOW_SECONDS || last - newest < ASKED_AGAIN_SECONDS;
    // With a while of peace between them they are two troubles.
    const isOne = last - oldest <= AT_ONCE_SECONDS;
    const untilThen = own.filter(({ ageSeconds }) => ageSeconds >= last);
    return wasAway && isOne && !isAsked && areOfOneRun(untilThen, since) ? [{ log, last, since }] : [];
  });
  const [first] = hosts.toSorted((a, b) => b.last - a.last);
  if (first === undefined) return null;
  return {
    status: 'failed',
    confidence: 'likely',
    summary: `nginx of ${hosts.length} of ${countOf(service.hosts.length, 'host')} has asked the app no more since it failed ${String(Math.round(first.last))} s ago ("no live upstreams"), though it serves by now: \`fail_timeout\` is long, and a reload forgets it`,
    evidence: hosts.flatMap(({ since }) => quoteProxyLines(since)),
    since: first.since[0]?.at ?? first.log.at,
    remediations: ['reload-proxy'],
  };
};

/** A reload forgets the attempt, and starts the workers anew: what these refuse has another reason. */
const areOfOneRun = (hits: readonly ProxyHit[], later: readonly ProxyHit[]): boolean => {
  const workers = new Set(hits.map(workerOf));
  return later.some((hit) => workers.has(workerOf(hit)));
};

/** nginx writes process and thread before each line. */
const workerOf = ({ line }: ProxyHit): string => /\] (\d+)#/.exec(line)?.[1] ?? '';

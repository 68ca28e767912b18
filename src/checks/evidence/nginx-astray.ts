import { servicePort, type Service } from '../../model/service.js';
import { countOf } from '../../model/words.js';
import type { Facts } from '../../probes/index.js';
import type { ProxyLog } from '../../probes/proxy-log.js';
import type { Observed, Outcome } from '../define-check.js';
import { isOwnAddress } from '../host/port.js';
import { quoteProxyLines, recentProxyLines, type ProxyHit } from './proxy-lines.js';

/** Ours: the run's own questions and a balancer's checks come within it; older lines may be of a trouble that is over. */
const NOW_SECONDS = 30;

export const passedElsewhere = (logs: readonly Observed<ProxyLog>[], service: Service): Outcome | null => {
  const running = logs.filter(({ fact }) => fact.processes !== 0);
  const elsewhere = recentProxyLines(running, [
    'upstream-refused',
    'upstream-unreachable',
    'upstream-timeout',
  ]).filter((hit) => isConnecting(hit) && isElsewhere(hit, service));
  const [first] = elsewhere;
  if (first === undefined) return null;
  const isNow = elsewhere.some(({ ageSeconds }) => ageSeconds <= NOW_SECONDS);
  return {
    status: 'failed',
    confidence: isNow ? 'confirmed' : 'possible',
    summary: `nginx passes requests to ${first.upstream ?? ''}, where nobody answers; the service listens on ${placeOf(service)} and serves`,
    evidence: quoteProxyLines(elsewhere),
    since: first.at,
    remediations: ['reload-proxy'],
  };
};

/** The socket is there, and nginx has no right to it: what answers on the service's port may be nginx itself. */
export const shutOut = (logs: readonly Observed<ProxyLog>[], service: Service): Outcome | null => {
  const hits = recentProxyLines(logs, ['upstream-unreachable']).filter(
    (hit) =>
      /^\w+:\/\/unix:/.test(hit.upstream ?? '') && hit.line.includes('(13: ') && isOfService(hit, service),
  );
  const [first] = hits;
  if (first === undefined || !hits.some(({ ageSeconds }) => ageSeconds <= NOW_SECONDS)) return null;
  return {
    status: 'failed',
    confidence: 'confirmed',
    summary: `nginx may not use ${/unix:[^:]+/.exec(first.upstream ?? '')?.[0] ?? 'the socket'}, to which it passes requests: permission denied`,
    evidence: quoteProxyLines(hits),
    since: first.at,
  };
};

/** A name in `proxy_pass` with a variable is looked up at each request: 502 where the resolver knows no such name. */
export const passedToNoName = (logs: readonly Observed<ProxyLog>[]): Outcome | null => {
  const running = logs.filter(({ fact }) => fact.processes !== 0);
  // Whoever asks for a certificate's status (OCSP) is no client.
  const hits = recentProxyLines(running, ['upstream-unresolved']).filter(({ client }) => client !== null);
  const [first] = hits;
  if (first === undefined) return null;
  if (!hits.some(({ ageSeconds }) => ageSeconds <= NOW_SECONDS)) return null;
  const name = /(\S+) could not be resolved|to resolve (\S+)/.exec(first.line);
  return {
    status: 'failed',
    confidence: 'likely',
    summary: `nginx passes requests to ${name?.[1] ?? name?.[2] ?? 'a name'}, for which it finds no address`,
    evidence: quoteProxyLines(hits),
    since: first.at,
    remediations: ['reload-proxy'],
  };
};

/** nginx calls from an address that the host does not have, or wants TLS from an app that speaks none, or other TLS. */
export const notBegun = (logs: readonly Observed<ProxyLog>[], service: Service): Outcome | null => {
  const running = logs.filter(({ fact }) => fact.processes !== 0);
  const hits = recentProxyLines(running, ['upstream-not-begun']).filter(
    (hit) => hit.client !== null && isOfService(hit, service),
  );
  const [first] = hits;
  if (first === undefined || !hits.some(({ ageSeconds }) => ageSeconds <= NOW_SECONDS)) return null;
  const words = /\*\d+ (.*?)(?: while |, client: )/.exec(first.line)?.[1] ?? 'see its line';
  return {
    status: 'failed',
    confidence: 'likely',
    summary: `nginx does not get as far as a request to ${first.upstream ?? 'the app'}, which serves whoever asks it directly: ${words}`,
    evidence: quoteProxyLines(hits),
    since: first.at,
  };
};

/**
 * `listen … proxy_protocol`, and whoever calls sends no line of it: nginx closes the connection without an answer. Its
 * lines name no service, so the members that the balancer's host gets no answer from say whose nginx it is.
 */
export const waitsForProxyLine = ({
  proxyLog,
  memberAnswer,
}: {
  readonly proxyLog: readonly Observed<ProxyLog>[];
  readonly memberAnswer: readonly Observed<Facts['memberAnswer']>[];
}): Outcome | null => {
  const hits = recentProxyLines(proxyLog, ['proxy-line-missing']);
  const [first] = hits;
  if (first === undefined || !hits.some(({ ageSeconds }) => ageSeconds <= NOW_SECONDS)) return null;
  const members = memberAnswer.flatMap(({ fact }) => fact.members);
  const cutOff = members.filter(
    ({ answer: { failure } }) => failure?.rung === 'answer' && failure.kind === 'reset',
  );
  if (cutOff.length === 0) return null;
  return {
    status: 'failed',
    confidence: cutOff.length === members.length ? 'confirmed' : 'likely',
    summary: `nginx of ${cutOff.length} of ${countOf(members.length, 'member')} waits for the PROXY protocol (\`listen … proxy_protocol\`), which the balancer does not speak there, and closes each connection without an answer`,
    evidence: quoteProxyLines(hits),
    since: first.at,
    remediations: ['reload-proxy'],
  };
};

/** Who is late with an answer is there. */
const isConnecting = ({ kind, line }: ProxyHit): boolean =>
  kind !== 'upstream-timeout' || line.includes('while connecting to upstream');

/** Address and port in `http://127.0.0.1:8000/`. */
const UPSTREAM = /^\w+:\/\/(\[[^\]]*\]|[^/:]+):(\d+)/;

/** One nginx serves many: the users' name is on the line, or the app's port. */
const isOfService = ({ line, upstream }: ProxyHit, service: Service): boolean => {
  const [, , port] = UPSTREAM.exec(upstream ?? '') ?? [];
  const host = service.url === undefined ? null : new URL(service.url).host;
  return Number(port) === servicePort(service) || (host !== null && line.includes(`host: "${host}"`));
};

/** nginx logs addresses: a name in the health URL is compared by its port alone. */
const isElsewhere = ({ upstream, kind, line }: ProxyHit, service: Service): boolean => {
  // `unix:/run/web.sock`: missing, without anybody, or closed to nginx; one whose queue is full (11) is there.
  if (/^\w+:\/\/unix:/.test(upstream ?? '')) return kind === 'upstream-refused' || line.includes('(13: ');
  const [, address, port] = UPSTREAM.exec(upstream ?? '') ?? [];
  if (address === undefined) return false;
  return (
    Number(port) !== servicePort(service) ||
    (isOwnAddress(new URL(service.health).hostname) && !isOwnAddress(address))
  );
};

export const placeOf = (service: Service): string => {
  const { hostname } = new URL(service.health);
  return `port ${String(servicePort(service))}${isOwnAddress(hostname) ? ' of the host itself' : ''}`;
};

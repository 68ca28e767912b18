import { servicePort, type Service } from '../../model/service.js';
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

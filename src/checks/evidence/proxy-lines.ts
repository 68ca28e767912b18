import { servicePort, type Service } from '../../model/service.js';
import type { Confidence } from '../../model/cause.js';
import type { ProxyLog, ProxyLogLine } from '../../probes/proxy-log.js';
import type { Observed, Quote } from '../define-check.js';

/** The log is read once: what is older than two minutes did not make the answers of now. */
const RECENT_SECONDS = 120;
const QUOTED_LINES = 3;

export type ProxyHit = ProxyLogLine & { from: Observed<ProxyLog> };

export const recentProxyLines = (
  logs: readonly Observed<ProxyLog>[],
  kinds: readonly ProxyLogLine['kind'][],
): ProxyHit[] =>
  logs.flatMap((from) =>
    from.fact.lines
      .filter(({ kind, ageSeconds }) => kinds.includes(kind) && ageSeconds <= RECENT_SECONDS)
      .map((line) => ({ ...line, from })),
  );

/** Where nginx has ended, its lines tell of before. */
export const linesOfRunning = (
  logs: readonly Observed<ProxyLog>[],
  kinds: readonly ProxyLogLine['kind'][],
): ProxyHit[] =>
  recentProxyLines(
    logs.filter(({ fact }) => fact.processes !== 0),
    kinds,
  );

/** Ours: a refusal that goes on is logged with each request, our own among them. */
const NOW_SECONDS = 10;

/** Lines that all are older may be of a trouble that is over, whatever the answers of now are. */
export const goesOn = (hits: readonly ProxyHit[]): boolean =>
  hits.some(({ ageSeconds }) => ageSeconds <= NOW_SECONDS);

/** Of requests that nginx refused by a limit of any kind. */
export const limitLines = (logs: readonly Observed<ProxyLog>[]): ProxyHit[] =>
  recentProxyLines(logs, ['rate-limited', 'concurrency-limited']);

/** How sure a limit is that nginx logs. */
export const limitConfidence = (hits: readonly ProxyHit[], isSeen: boolean): Confidence => {
  if (!goesOn(hits)) return 'possible';
  return isSeen ? 'confirmed' : hits.length >= MANY ? 'likely' : 'possible';
};
/**
 * nginx writes a line for each request that it refuses by a limit (`limit_req_log_level`, error by default): fewer lines
 * than refusals of our own are of somebody else, and ours have another reason.
 */
export const areOf = (hits: readonly ProxyHit[], refused: readonly unknown[]): boolean =>
  hits.length >= refused.length;
/** A handful is a single eager client; more is what users feel. */
const MANY = 5;

export const quoteProxyLines = (hits: readonly ProxyHit[]): Quote[] =>
  [...new Set(hits.map(({ from }) => from))].map((from) => ({
    from,
    excerpt: hits
      .filter((hit) => hit.from === from)
      .slice(-QUOTED_LINES)
      .map(({ line }) => line)
      .join('\n'),
  }));

/** "all for the client 10.0.0.1": one address for everybody is a proxy in front, not a client. */
export const clientWords = (hits: readonly ProxyHit[]): string => {
  const clients = new Set(hits.map(({ client }) => client));
  const [only] = clients;
  if (hits.length < 2) return '';
  return clients.size === 1
    ? `, all for one client address (${only ?? 'unknown'}): \`real_ip_header\` may be missing`
    : `, of ${String(clients.size)} clients`;
};

/** What nginx itself says: behind it comes what a client sent. */
export const wordsOf = (line: string): string => line.split(', client: ')[0] ?? '';

/** Address and port in `http://127.0.0.1:8000/`. */
export const UPSTREAM = /^\w+:\/\/(\[[^\]]*\]|[^/:]+):(\d+)/;

/** One nginx serves many: the users' name is on the line, or the app's port. */
export const isOfService = ({ line, upstream }: ProxyHit, service: Service): boolean => {
  const [, , port] = UPSTREAM.exec(upstream ?? '') ?? [];
  const host = service.url === undefined ? null : new URL(service.url).host;
  return Number(port) === servicePort(service) || (host !== null && line.includes(`host: "${host}"`));
};

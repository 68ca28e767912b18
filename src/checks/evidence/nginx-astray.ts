import { servicePort, type Service } from '../../model/service.js';
import { countOf } from '../../model/words.js';
import type { HttpAnswer } from '../../probes/http-answer.js';
import type { Facts } from '../../probes/index.js';
import type { ProxyLog } from '../../probes/proxy-log.js';
import type { Observed, Outcome } from '../define-check.js';
import { isOwnAddress } from '../host/port.js';
import { isNginxOwn } from './answers.js';
import { answerOfMember } from './member-reach.js';
import { hostOf, isDown, type Member } from './members.js';
import {
  isOfService,
  linesOfRunning,
  quoteProxyLines,
  recentProxyLines,
  UPSTREAM,
  wordsOf,
  type ProxyHit,
} from './proxy-lines.js';

/** Ours: the run's own questions and a balancer's checks come within it; older lines may be of a trouble that is over. */
export const NOW_SECONDS = 30;

const ledElsewhere = (logs: readonly Observed<ProxyLog>[], service: Service): ProxyHit[] =>
  linesOfRunning(logs, ['upstream-refused', 'upstream-unreachable', 'upstream-timeout']).filter(
    (hit) => isConnecting(hit) && isElsewhere(hit, service),
  );

/** Between the last line of the one and a line of the other nginx was told another way. Ours. */
const CHANGED_SECONDS = 5;

type Asked = {
  readonly [K in 'memberAnswer' | 'appAnswer' | 'balancerMembers']: readonly Observed<Facts[K]>[];
};

/** A balancer's check or a user asks again within it, and where the way is still wrong, nginx says so again. Ours. */
const SAID_AGAIN_SECONDS = 10;

/**
 * Lines of an nginx that has led the users' request to the app since, and has said no more: what they say is over. Each
 * member of the host must agree, and the balancer's check: it may ask for what still goes astray.
 */
export const withoutServedSince = (
  logs: readonly Observed<ProxyLog>[],
  { memberAnswer, appAnswer, balancerMembers }: Asked,
  { hosts }: Service,
): readonly Observed<ProxyLog>[] => {
  const members = balancerMembers.flatMap(({ fact }) => fact.members);
  const isLed = (member: Member): boolean => {
    const own = answerOfMember(memberAnswer, member)?.answer;
    const app = appAnswer.find(({ via }) => via === hostOf(member, hosts))?.fact;
    const isGatewayInCheck = isDown(member) && (member.checkCode === 502 || member.checkCode === 504);
    return own?.status != null && own.status === app?.status && !isGatewayInCheck;
  };
  const isOver = ({ via }: Observed<ProxyLog>): boolean => {
    const there = members.filter((member) => hostOf(member, hosts) === via);
    return there.length > 0 && there.every(isLed);
  };
  return logs.map((log) => {
    if (!isOver(log)) return log;
    const lines = log.fact.lines.filter(({ ageSeconds }) => ageSeconds <= SAID_AGAIN_SECONDS);
    return { ...log, fact: { ...log.fact, lines } };
  });
};

/** The same nginx has come to the service's place since, and to the other no more. */
const isCorrected = (elsewhere: readonly ProxyHit[], service: Service): boolean => {
  const newest = Math.min(...elsewhere.map(({ ageSeconds }) => ageSeconds));
  const logs = new Set(elsewhere.map(({ from }) => from));
  return linesOfRunning([...logs], ['upstream-timeout', 'upstream-closed', 'upstream-refused']).some(
    (hit) =>
      !isElsewhere(hit, service) && isOfService(hit, service) && newest - hit.ageSeconds > CHANGED_SECONDS,
  );
};

/** Another site of the same nginx has its own places; without a public URL no line tells which is whose. */
const isOfUsers = (hit: ProxyHit, service: Service): boolean =>
  service.url === undefined || isOfService(hit, service);

export const passedElsewhere = (logs: readonly Observed<ProxyLog>[], service: Service): Outcome | null => {
  const elsewhere = ledElsewhere(logs, service).filter((hit) => isOfUsers(hit, service));
  const [first] = elsewhere;
  if (first === undefined) return null;
  const isNow =
    elsewhere.some(({ ageSeconds }) => ageSeconds <= NOW_SECONDS) && !isCorrected(elsewhere, service);
  return {
    status: 'failed',
    confidence: isNow ? 'confirmed' : 'possible',
    summary: `nginx passes requests to ${first.upstream ?? ''}, where nobody answers; the service listens on ${placeOf(service)}`,
    evidence: quoteProxyLines(elsewhere),
    since: first.at,
    remediations: ['reload-proxy'],
  };
};

/** Only a hint, and only where nothing else is seen: a balancer may give the users' requests another name. */
export const passedForOtherName = (logs: readonly Observed<ProxyLog>[], service: Service): Outcome | null => {
  const [first] = ledElsewhere(logs, service).filter((hit) => !isOfUsers(hit, service));
  if (first === undefined) return null;
  const name = /, host: "([^"]{1,100})"/.exec(first.line)?.[1] ?? 'another name';
  return {
    status: 'failed',
    confidence: 'possible',
    summary: `nginx passes requests for ${name} to ${first.upstream ?? ''}, where nobody answers; the service listens on ${placeOf(service)}`,
    evidence: quoteProxyLines([first]),
    since: first.at,
  };
};

/**
 * The socket is there, and nginx has no right to it. What answers on the service's port is then nginx itself; where the
 * app is heard, the way there is another one.
 */
export const shutOut = (
  logs: readonly Observed<ProxyLog>[],
  inner: readonly Observed<HttpAnswer>[],
  service: Service,
): Outcome | null => {
  if (inner.some(({ fact }) => fact.status !== null && !isGateway(fact))) return null;
  const hits = linesOfRunning(logs, ['upstream-unreachable']).filter(
    (hit) => isShut(hit) && isOfService(hit, service) && hit.ageSeconds <= NOW_SECONDS,
  );
  const [first] = hits;
  if (first === undefined) return null;
  const places = new Set(hits.map(({ from }) => from.via));
  return {
    status: 'failed',
    confidence: places.size === service.hosts.length ? 'confirmed' : 'likely',
    summary: `nginx may not use ${/unix:[^:]+/.exec(first.upstream ?? '')?.[0] ?? 'the socket'}, to which it passes requests: permission denied`,
    evidence: quoteProxyLines(hits),
    since: first.at,
  };
};

const isShut = ({ upstream, line }: ProxyHit): boolean =>
  /^\w+:\/\/unix:/.test(upstream ?? '') && wordsOf(line).includes('(13: ');

const isGateway = (answer: HttpAnswer): boolean => answer.status === 502 && isNginxOwn(answer);

/** A name in `proxy_pass` with a variable is looked up at each request: 502 where the resolver knows no such name. */
export const passedToNoName = (logs: readonly Observed<ProxyLog>[]): Outcome | null => {
  // Whoever asks for a certificate's status (OCSP) is no client.
  const hits = linesOfRunning(logs, ['upstream-unresolved']).filter(({ client }) => client !== null);
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
  const hits = linesOfRunning(logs, ['upstream-not-begun']).filter(
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
 * `listen … proxy_protocol`, and the balancer sends no line of it: nginx closes the connection without an answer. Our own
 * question has none either, so what the balancer's check got tells; nginx's lines name no service.
 */
export const waitsForProxyLine = ({
  proxyLog,
  memberAnswer,
  balancerMembers,
}: {
  readonly proxyLog: readonly Observed<ProxyLog>[];
  readonly memberAnswer: readonly Observed<Facts['memberAnswer']>[];
  readonly balancerMembers: readonly Observed<Facts['balancerMembers']>[];
}): Outcome | null => {
  const hits = recentProxyLines(proxyLog, ['proxy-line-missing']);
  const [first] = hits;
  if (first === undefined || !hits.some(({ ageSeconds }) => ageSeconds <= NOW_SECONDS)) return null;
  const members = balancerMembers.flatMap(({ fact }) => fact.members);
  const cutOff = members.filter((member) => {
    const failure = answerOfMember(memberAnswer, member)?.answer.failure;
    const isReset = failure?.rung === 'answer' && failure.kind === 'reset';
    return isReset && isDown(member) && member.checkStatus === 'L7RSP';
  });
  if (cutOff.length === 0) return null;
  return {
    status: 'failed',
    confidence: cutOff.length === members.length ? 'confirmed' : 'likely',
    summary: `nginx of ${cutOff.length} of ${countOf(members.length, 'member')} waits for the PROXY protocol (\`listen … proxy_protocol\`) and closes connections without an answer, those of HAProxy's check as well`,
    evidence: quoteProxyLines(hits),
    since: first.at,
    remediations: ['reload-proxy'],
  };
};

/** Who is late with an answer is there. */
const isConnecting = ({ kind, line }: ProxyHit): boolean =>
  kind !== 'upstream-timeout' || line.includes('while connecting to upstream');

/** nginx logs addresses: a name in the health URL is compared by its port alone. */
const isElsewhere = ({ upstream, kind, line }: ProxyHit, service: Service): boolean => {
  // `unix:/run/web.sock`: missing, without anybody, or closed to nginx; one whose queue is full (11) is there.
  if (/^\w+:\/\/unix:/.test(upstream ?? ''))
    return kind === 'upstream-refused' || wordsOf(line).includes('(13: ');
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

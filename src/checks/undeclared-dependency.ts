import type { Service } from '../model/service.js';
import type { HttpAnswer } from '../probes/http-answer.js';
import type { UnitJournal } from '../probes/unit-journal.js';
import { defineServiceCheck, type Observed, type Outcome, type Quote } from './define-check.js';
import { isBad, quoteAnswer } from './evidence/answers.js';
import { secondsBetween } from './evidence/time.js';

/** What the app said longer ago may be over, and nothing here can be asked whether it is. */
const FRESH_SECONDS = 60;
/** Whom a client library could not reach: redis-py, libpq, Go, Node, urllib3, MySQL. */
const PEERS: readonly RegExp[] = [
  /Error \S+ connecting to (?<host>[\w.-]+):(?<port>\d+)/,
  /connection to server at "(?<host>[^"]+)"[^,]*, port (?<port>\d+) failed/,
  /could not translate host name "(?<host>[^"]+)"/,
  /connect E(?:CONNREFUSED|TIMEDOUT|HOSTUNREACH) (?<host>[\w.-]+):(?<port>\d+)/,
  /getaddrinfo E(?:NOTFOUND|AI_AGAIN) (?<host>[\w.-]+)/,
  /dial tcp:? (?<host>[\w.-]+):(?<port>\d+)/,
  /dial tcp: lookup (?<host>[\w.-]+)/,
  /ConnectionPool\(host='(?<host>[^']+)', port=(?<port>\d+)\)/,
  /Can't connect to \S+ server on '(?<host>[^':]+)(?::(?<port>\d+))?'/,
];
/** Who refuses was reached: `app-refused-connection` and `app-refused-by-dependency` know these. */
const REFUSES = /failed: FATAL/;

/**
 * Who runs a service may not have told of all that it needs; then no probe asks there, and the app's own words are the
 * only witness. What is declared has checks of its own, which ask it.
 */
export const undeclaredDependency = defineServiceCheck({
  id: 'undeclared-dependency',
  cause: 'dependency',
  title: 'Something that the app names, and nobody declared, is unreachable',
  refutedBy: 'an app that names nothing which it cannot reach',
  scope: 'service',
  needs: [],
  uses: ['healthAnswer', 'appAnswer', 'publicAnswer', 'unitJournal'],

  evaluate({ healthAnswer, appAnswer, publicAnswer, unitJournal }, { service, now }) {
    const inner = [...appAnswer, ...healthAnswer].map((from) => ({ from, answer: from.fact }));
    const outer = publicAnswer.flatMap((from) => from.fact.answers.map((answer) => ({ from, answer })));
    const bad = [...inner, ...outer].filter(({ answer }) => isBad(answer));
    if (bad.length === 0) return { status: 'passed', summary: 'the app answers well' };
    const heard = [...bad.flatMap(fromAnswer), ...unitJournal.flatMap((from) => fromJournal(from, now))];
    const named = heard.filter(({ peer }) => !isDeclared(service, peer));
    return named.length === 0
      ? { status: 'passed', summary: 'the app names nothing that it cannot reach' }
      : told(named as [Named, ...Named[]]);
  },
});

type Peer = { readonly host: string; readonly port: string | null };
type Named = { readonly peer: Peer; readonly quote: Quote };

function told(named: readonly [Named, ...Named[]]): Outcome {
  const [{ peer }] = named;
  const address = peer.port === null ? peer.host : `${peer.host}:${peer.port}`;
  return {
    status: 'failed',
    // By the app's word alone.
    confidence: 'likely',
    summary: `the app cannot reach ${address}, as it says itself; nobody declared it, so it was not asked`,
    evidence: firstOfEach(named),
  };
}

/** One quote from each place. */
const firstOfEach = (named: readonly Named[]): Quote[] =>
  [
    ...new Map(
      named.toReversed().map(({ quote }) => [`${quote.from.source} ${quote.from.via}`, quote]),
    ).values(),
  ]
    .toReversed()
    .slice(0, 4);

const peerIn = (said: string): Peer | null => {
  // Within JSON the app's words have their quotes escaped.
  const text = said.replaceAll('\\"', '"');
  if (REFUSES.test(text)) return null;
  const found = PEERS.map((pattern) => pattern.exec(text)?.groups).find((groups) => groups !== undefined);
  return found?.['host'] === undefined ? null : { host: found['host'], port: found['port'] ?? null };
};

function fromAnswer({ from, answer }: { from: Observed<unknown>; answer: HttpAnswer }): Named[] {
  const peer = answer.status === null ? null : peerIn(answer.body);
  return peer === null ? [] : [{ peer, quote: quoteAnswer(from, answer) }];
}

function fromJournal(from: Observed<UnitJournal>, now: string): Named[] {
  const line = from.fact.lines.findLast(
    ({ at, message }) => secondsBetween(at, now) <= FRESH_SECONDS && peerIn(message) !== null,
  );
  const peer = line && peerIn(line.message);
  return line && peer ? [{ peer, quote: { from, excerpt: line.line } }] : [];
}

/** By name or by port: the same server may have two names. */
const isDeclared = ({ database, dependencies }: Service, { host, port }: Peer): boolean =>
  [
    ...(database === undefined ? [] : [addressOf(database.url)]),
    ...dependencies.map((item) =>
      item.kind === 'tcp' ? { host: item.host, port: String(item.port) } : addressOf(item.url),
    ),
  ].some((declared) => declared.host === host || (port !== null && declared.port === port));

const USUAL_PORTS: Readonly<Record<string, string>> = {
  postgres: '5432',
  postgresql: '5432',
  redis: '6379',
  rediss: '6379',
  https: '443',
  http: '80',
};
const addressOf = (address: string): { host: string; port: string } => {
  const { hostname, port, protocol } = new URL(address);
  return { host: hostname, port: port === '' ? (USUAL_PORTS[protocol.replace(':', '')] ?? '') : port };
};

import type { Service } from '../../model/service.js';

/** Whom an app could not reach, as its client library names it. */
export type Peer = { readonly host: string; readonly port: string | null };

/** redis-py, libpq, Go, Node, urllib3, MySQL. */
const PEERS: readonly RegExp[] = [
  /Error \S+ connecting to (?<host>[\w.-]+):(?<port>\d+)/,
  /connection to server at "(?<host>[^"]+)"[^,]*, port (?<port>\d+) failed/,
  /could not translate host name "(?<host>[^"]+)"/,
  /connect E(?:CONNREFUSED|TIMEDOUT|HOSTUNREACH) (?<host>[\w.-]+):(?<port>\d+)/,
  /getaddrinfo E(?:NOTFOUND|AI_AGAIN) (?<host>[\w.-]+)/,
  /dial tcp:? (?<host>[\w.-]+):(?<port>\d+)/,
  /dial tcp: lookup (?<host>[\w.-]+)/,
  /ConnectionPool\(host='(?<host>[^']+)', port=(?<port>\d+)\)/,
  // In a program's own words around the kernel's.
  /https?:\/\/(?<host>[\w.-]+)(?::(?<port>\d+))?[^\s]*[^\n]{0,120}(?:Connection refused|timed out|Name or service not known|Temporary failure in name resolution|No route to host)/,
  /Can't connect to \S+ server on '(?<host>[^':]+)(?::(?<port>\d+))?'/,
];
/** Who refuses was reached: `app-refused-connection` and `app-refused-by-dependency` know these. */
const REFUSES = /failed: FATAL/;

export const peerIn = (said: string): Peer | null => {
  // Within JSON the app's words have their quotes escaped.
  const text = said.replaceAll('\\"', '"');
  if (REFUSES.test(text)) return null;
  const found = PEERS.map((pattern) => pattern.exec(text)?.groups).find((groups) => groups !== undefined);
  return found?.['host'] === undefined ? null : { host: found['host'], port: found['port'] ?? null };
};

/** A file and a line in it look the same. */
const SOURCE_FILE = /\.(?:py|js|mjs|ts|rb|ru|php|go|java|kt|rs|c|cc|so)$/;
const ADDRESS = /(?<host>\[[\da-f:]+\]|\blocalhost|[\w-]+(?:\.[\w-]+)+)(?::| port )(?<port>\d{2,5})\b/gi;

/** Whoever is named with a port, by whatever library. */
export const addressesIn = (text: string): Peer[] =>
  [...text.matchAll(ADDRESS)].flatMap(({ groups }) => {
    const host = groups?.['host'] ?? '';
    return SOURCE_FILE.test(host) ? [] : [{ host, port: groups?.['port'] ?? null }];
  });

/** By name or by port: the same server may have two names. */
export const isDeclared = ({ database, dependencies }: Service, { host, port }: Peer): boolean =>
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

import { summariseWorkers } from '../checks/host/workers.js';
import type { NotLookedAt } from '../model/explanation.js';
import type { Service } from '../model/service.js';
import type { Verdict } from '../model/verdict.js';
import { badHosts, type Case } from './case.js';
import { factOn, type Observations } from './observe.js';

/** A list that nobody reads through helps nobody. */
const MOST = 2;

/** What the inventory does not name and what would have decided, with the line to add; the most telling first. */
export const notConfigured = (given: Case, verdict: Verdict, seen: Observations): NotLookedAt[] => {
  if (verdict.confidence === 'confirmed') return [];
  if (verdict.status === 'healthy') return urlLine(given);
  return [
    ...balancerLine(given),
    ...proxyLine(given),
    ...peerLine(given, seen),
    ...urlLine(given),
    ...releaseLine(given, verdict),
  ].slice(0, MOST);
};

const balancerLine = ({ service, emitter }: Case): NotLookedAt[] =>
  emitter.signature !== 'haproxy' || service.balancer !== undefined
    ? []
    : [
        {
          what: 'HAProxy wrote the answer, and the inventory names no balancer to ask',
          allow: 'balancer: { kind: haproxy, host: HOST, socket: /run/haproxy/admin.sock, pool: POOL }',
        },
      ];

const proxyLine = ({ service, emitter }: Case): NotLookedAt[] =>
  emitter.signature !== 'nginx' || service.proxy !== undefined
    ? []
    : [
        {
          what: 'nginx wrote the answer, and the inventory names no proxy to look at',
          allow: 'proxy: { kind: nginx }',
        },
      ];

const urlLine = ({ service, symptom }: Case): NotLookedAt[] =>
  service.url !== undefined || symptom.at === 'balancer'
    ? []
    : [{ what: 'what users get: the inventory names no url', allow: 'url: https://…' }];

/** R3: a unit that fails may be a release that does; nobody could tell. */
const releaseLine = ({ service }: Case, { chain: [root] }: Verdict): NotLookedAt[] =>
  service.release !== undefined || root === undefined || !MAY_BE_RELEASE.has(root.check)
    ? []
    : [
        {
          what: 'whether the release changed: the inventory does not say where to look',
          allow: 'release: { link: PATH }',
        },
      ];
const MAY_BE_RELEASE: ReadonlySet<string> = new Set(['unit-failed', 'unit-crash-looping']);

/** Workers wait for an answer of somebody whom the inventory does not know. */
const peerLine = (given: Case, seen: Observations): NotLookedAt[] => {
  const known = portsOf(given.service);
  const waiting = [...badHosts(given)].flatMap((host) => {
    const processes = factOn(seen, 'unitProcesses', host);
    const sockets = factOn(seen, 'workerSockets', host);
    return processes === undefined ? [] : summariseWorkers(processes, sockets).waitingOn;
  });
  const peer = waiting.toSorted((a, b) => b.workers - a.workers)[0]?.peer;
  const [, host, port] = /^(.*):(\d+)$/.exec(peer ?? '') ?? [];
  if (host === undefined || port === undefined || known.has(Number(port))) return [];
  if (Number(port) >= FIRST_EPHEMERAL_PORT) return [];
  return [
    {
      what: `${host}:${port}, for which workers wait: the inventory does not name it`,
      allow: lineFor(host, port),
    },
  ];
};

/** Linux's default `ip_local_port_range`: who has such a port has asked, and is not one who is asked. */
const FIRST_EPHEMERAL_PORT = 32_768;

const POSTGRES: ReadonlySet<string> = new Set(['5432', '6432']);
const lineFor = (host: string, port: string): string => {
  if (POSTGRES.has(port)) return `database: { kind: postgres, url: "postgres://USER@${host}:${port}/NAME" }`;
  return port === '6379'
    ? `dependencies: [{ name: cache, kind: redis, url: "redis://${host}:${port}" }]`
    : `dependencies: [{ name: NAME, kind: tcp, host: "${host}", port: ${port} }]`;
};

const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  'http:': 80,
  'https:': 443,
  'redis:': 6379,
  'rediss:': 6379,
  'postgres:': 5432,
  'postgresql:': 5432,
};
const portsOf = ({ database, dependencies }: Service): ReadonlySet<number> =>
  new Set(
    [...(database === undefined ? [] : [database]), ...dependencies].map((one) => {
      if ('port' in one) return one.port;
      const { port, protocol } = new URL(one.url);
      return port === '' ? (DEFAULT_PORTS[protocol] ?? 0) : Number(port);
    }),
  );

import { z } from 'zod';
import type { Check } from '../../src/checks/define-check.js';
import { judge } from '../../src/diagnosis/judge.js';
import type { Cause, Confidence } from '../../src/model/cause.js';
import type { WorkersDoing } from '../../src/model/finding.js';
import type { Reading } from '../../src/model/reading.js';
import { Service } from '../../src/model/service.js';
import type { Target } from '../../src/model/target.js';
import type { HostReach, Judgement } from '../../src/model/verdict.js';
import { HttpAnswer } from '../../src/probes/http-answer.js';
import type { ProbeRegistry } from '../../src/diagnosis/observe.js';
import { defineServiceProbe } from '../../src/probes/define-probe.js';

/**
 * Constructed situations for the rules of ranking: each check of design 1.2 by its real id, but told its outcome
 * instead of judging facts. Recorded situations, judged by the real checks, live in test/scenarios.
 */
export const NOW = '2026-11-22T10:00:00.000Z';
export const ago = (seconds: number): string => new Date(Date.parse(NOW) - seconds * 1000).toISOString();

const HOST_CHECKS: Record<string, Cause> = {
  'cpu-saturated': 'overload',
  'memory-exhausted': 'overload',
  'accept-queue-full': 'overload',
  'workers-busy': 'overload',
  'file-descriptors-exhausted': 'overload',
  'disk-full': 'overload',
  'kernel-table-full': 'overload',
  'tasks-exhausted': 'overload',
  'unit-inactive': 'not-started',
  'unit-failed': 'not-started',
  'unit-crash-looping': 'not-started',
  'unit-restarted-repeatedly': 'not-started',
  'unit-starting': 'not-started',
  'unit-missing-or-masked': 'not-started',
  'port-not-listening': 'not-started',
  'health-endpoint-failing': 'health-check',
  'health-endpoint-slow': 'health-check',
  'health-endpoint-misplaced': 'health-check',
  'rollout-in-progress': 'deployment',
  'rate-limited': 'deliberate',
  'app-pool-exhausted': 'database-connections',
  'app-refused-by-dependency': 'dependency',
};
const SERVICE_CHECKS: Record<string, Cause> = {
  'member-down-though-healthy': 'health-check',
  'health-flapping': 'health-check',
  'release-skew': 'deployment',
  'release-erring-in-part': 'deployment',
  'member-draining': 'deployment',
  'connections-exhausted': 'database-connections',
  'idle-in-transaction': 'database-connections',
  'sessions-blocked-by-lock': 'database-connections',
  'maintenance-mode': 'deliberate',
  'concurrency-limited': 'deliberate',
  'frontend-full': 'overload',
  'proxy-not-answering': 'overload',
  'member-unreachable': 'routing',
  'pool-without-members': 'routing',
  'wrong-upstream': 'routing',
  'undeclared-dependency': 'dependency',
  'neighbour-unit-down': 'dependency',
};
const DEPENDENCY_CHECKS: Record<string, Cause> = {
  'dependency-unreachable': 'dependency',
  'dependency-failing': 'dependency',
  'dependency-slow': 'dependency',
  'certificate-expired': 'dependency',
};

const Told = z.object({
  confidence: z.enum(['confirmed', 'likely', 'possible']).nullable(),
  summary: z.string(),
  since: z.string().optional(),
  cause: z.string().optional(),
  workers: z.enum(['compute', 'starve', 'wait']).optional(),
  byLatency: z.literal(true).optional(),
});
type Told = z.infer<typeof Told>;

/** `all-checks/ID` is the fact of the check ID. */
const factOf = (id: string): string => `told:${id}`;
const probe = <Fact extends z.ZodType>(id: string, fact: Fact) =>
  defineServiceProbe({
    id,
    fact,
    places: () => [],
    source: () => 'told',
    read: () => Promise.reject(new Error('told, not read')),
  });
const ids = [HOST_CHECKS, SERVICE_CHECKS, DEPENDENCY_CHECKS].flatMap((all) => Object.keys(all));
export const toldProbes: ProbeRegistry = {
  publicAnswer: probe('public-answer', z.object({ answers: z.array(HttpAnswer) })),
  appAnswer: probe('app-answer', HttpAnswer),
  healthAnswer: probe('health-answer', HttpAnswer),
  balancerMembers: probe('balancer-members', z.unknown()),
  ...Object.fromEntries(ids.map((id) => [factOf(id), probe(factOf(id), Told)])),
};

const toldCheck =
  (scope: Check['scope']) =>
  ([id, cause]: [string, Cause]): Check =>
    ({
      id,
      cause,
      scope,
      title: id,
      needs: [factOf(id)],
      evaluate: (facts: Record<string, unknown>) => {
        const given = facts[factOf(id)] as { fact: Told } | { fact: Told }[];
        const from = Array.isArray(given) ? given[0]! : given;
        const { confidence, ...told } = from.fact;
        if (confidence === null) return { status: 'passed', summary: told.summary };
        return { status: 'failed', confidence, ...told, evidence: [{ from, excerpt: told.summary }] };
      },
    }) as unknown as Check;
export const toldChecks: readonly Check[] = [
  ...Object.entries(HOST_CHECKS).map(toldCheck('host')),
  ...Object.entries(SERVICE_CHECKS).map(toldCheck('service')),
  ...Object.entries(DEPENDENCY_CHECKS).map(toldCheck('dependency')),
];

export const answer = (status: number | null, over: Partial<HttpAnswer> = {}): HttpAnswer => ({
  request: 'GET / HTTP/1.1',
  status,
  reasonPhrase: null,
  headers: {},
  body: '',
  failure: status === null ? { rung: 'tcp', kind: 'refused', message: 'connection refused' } : null,
  firstByteMs: 34,
  certificateExpiresAt: null,
  ...over,
});
export const refused = answer(null);
export const haproxy503 = answer(503, {
  body: '<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n</body></html>',
});
const nginxPage = (title: string): string =>
  `<html>\n<head><title>${title}</title></head>\n<body>\n<center><h1>${title}</h1></center>\n<hr><center>nginx/1.22.1</center>\n</body>\n</html>`;
export const nginx503 = answer(503, {
  headers: { server: 'nginx/1.22.1' },
  body: nginxPage('503 Service Temporarily Unavailable'),
});
export const nginx502 = answer(502, {
  headers: { server: 'nginx/1.22.1' },
  body: nginxPage('502 Bad Gateway'),
});
export const app503 = answer(503, { headers: { server: 'gunicorn' }, body: '{"status":"unavailable"}' });

type Failed = {
  check: string;
  on?: string | readonly string[];
  confidence?: Confidence;
  summary?: string;
  since?: string;
  cause?: Cause;
  workers?: WorkersDoing;
  byLatency?: true;
};
export type Situation = {
  hosts?: readonly string[];
  behind?: 'haproxy' | 'nginx';
  dependencies?: readonly string[];
  public?: readonly HttpAnswer[];
  app?: Readonly<Record<string, HttpAnswer>> | HttpAnswer;
  health?: Readonly<Record<string, HttpAnswer>> | HttpAnswer;
  members?: Readonly<Record<string, string>>;
  /** By member. */
  sessions?: Readonly<Record<string, number>>;
  /** Of HAProxy's frontend, where these are as many as it may have. */
  fullFrontend?: number;
  /** What HAProxy says of the last check of each member. */
  checkStatus?: string;
  failed?: readonly Failed[];
  /** Checks whose reading could not be taken: everywhere, or on one host. */
  unread?: readonly { check: string; on?: string; reason?: string }[];
  unreached?: readonly string[];
};

export const serviceOf = ({
  hosts = ['api-1', 'api-2'],
  behind,
  dependencies = [],
  ...rest
}: Situation): Service =>
  Service.parse({
    name: 'api-prod',
    title: 'Public API',
    hosts,
    unit: 'gunicorn',
    health: 'http://localhost:8000/health/',
    ...(rest.public === undefined ? {} : { url: 'https://api.example.com/' }),
    ...(behind === 'haproxy'
      ? { balancer: { kind: 'haproxy', host: 'lb-1', socket: '/run/haproxy/admin.sock', pool: 'api' } }
      : {}),
    ...(behind === 'nginx' ? { proxy: { kind: 'nginx' } } : {}),
    database: { kind: 'postgres', url: 'postgres://db.internal/orders' },
    dependencies: dependencies.map((name) =>
      name === 'cache'
        ? { name, kind: 'redis', url: 'redis://cache.internal:6379' }
        : { name, kind: 'http', url: `https://${name}.internal/health` },
    ),
  });

const row = (name: string, status: string) => ({
  name,
  status,
  queued: 0,
  queuedMax: 0,
  sessions: 0,
  sessionLimit: null,
  responses5xx: 0,
  connectionErrors: 0,
  lastChangeSeconds: null,
  downTransitions: 0,
  active: 1,
  line: name,
});

const reading = (probeId: string, target: Target, fact: unknown): Reading => ({
  status: 'read',
  probe: probeId,
  target,
  via: target.kind === 'host' ? target.name : 'worker',
  source: probeId,
  at: NOW,
  durationMs: 5,
  fact,
});
const unreadReading = (probeId: string, target: Target, detail: string): Reading => {
  const { fact: _fact, ...rest } = reading(probeId, target, null) as Extract<Reading, { status: 'read' }>;
  return { ...rest, status: 'unread', reason: 'unreachable', detail };
};

export const readingsOf = (situation: Situation): Reading[] => {
  const service = serviceOf(situation);
  const unreached = new Set(situation.unreached);
  const hosts = service.hosts.map((name): Target => ({ kind: 'host', name }));
  const onService: Target = { kind: 'service', name: service.name };
  const perHost = (probeId: string, given: Situation['health']): Reading[] =>
    given === undefined
      ? []
      : hosts.flatMap((target) => {
          if (unreached.has(target.name)) return [unreadReading(probeId, target, 'connection timed out')];
          const own = 'request' in given ? given : (given as Record<string, HttpAnswer>)[target.name];
          return own === undefined ? [] : [reading(probeId, target, own)];
        });
  const told = (checks: Record<string, Cause>, targets: readonly Target[]): Reading[] =>
    Object.keys(checks).flatMap((check) => targets.map((target) => toldReading(situation, check, target)));
  const dependencies = ['database', ...(situation.dependencies ?? [])];
  return [
    ...(situation.public === undefined
      ? []
      : [reading('public-answer', onService, { answers: situation.public })]),
    ...perHost('app-answer', situation.app),
    ...perHost('health-answer', situation.health),
    ...(situation.members === undefined
      ? []
      : [
          reading(
            'balancer-members',
            { kind: 'balancer', name: 'api' },
            {
              pool: row('BACKEND', 'DOWN'),
              members: Object.entries(situation.members).map(([name, status]) => ({
                ...row(name, status),
                sessions: situation.sessions?.[name] ?? 0,
                address: null,
                checkStatus: situation.checkStatus ?? null,
                checkCode: null,
                lastCheck: null,
                checkDurationMs: null,
                failedChecks: 0,
                takenOutByAnswers: 0,
                weight: 1,
              })),
              fullFrontends:
                situation.fullFrontend === undefined
                  ? []
                  : [{ ...row('FRONTEND', 'OPEN'), sessions: situation.fullFrontend }],
              answeredFrom: 'socket',
            },
          ),
        ]),
    ...told(HOST_CHECKS, hosts),
    ...told(SERVICE_CHECKS, [onService]),
    ...told(
      DEPENDENCY_CHECKS,
      dependencies.map((name): Target => ({ kind: 'dependency', name })),
    ),
  ];
};

const toldReading = (
  { failed = [], unread = [], unreached = [] }: Situation,
  check: string,
  target: Target,
): Reading => {
  const isOn = (on: string | readonly string[] | undefined): boolean =>
    on === undefined || on === target.name || (Array.isArray(on) && on.includes(target.name));
  const silent = unread.find((item) => item.check === check && isOn(item.on));
  if (silent !== undefined) return unreadReading(factOf(check), target, silent.reason ?? 'permission denied');
  if (unreached.includes(target.name)) return unreadReading(factOf(check), target, 'connection timed out');
  const found = failed.find((item) => item.check === check && isOn(item.on));
  if (found === undefined) {
    return reading(factOf(check), target, { confidence: null, summary: `${check} passed with 0 of 10` });
  }
  const { check: _check, on: _on, ...told } = found;
  const defaults = { confidence: 'confirmed', summary: `${check} on ${target.name}` };
  return reading(factOf(check), target, { ...defaults, ...told });
};

export const reachOf = (situation: Situation): HostReach[] =>
  serviceOf(situation).hosts.map((name) =>
    situation.unreached?.includes(name) === true
      ? { name, reached: false, reason: 'connection timed out' }
      : { name, reached: true },
  );

export const judgeSituation = (situation: Situation, readings = readingsOf(situation)): Judgement =>
  judge({
    service: serviceOf(situation),
    readings,
    hosts: reachOf(situation),
    now: NOW,
    checks: toldChecks,
    probes: toldProbes,
  });

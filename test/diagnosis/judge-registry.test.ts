import { describe, expect, it } from 'vitest';
import { judge } from '../../src/diagnosis/judge.js';
import type { Reading } from '../../src/model/reading.js';
import type { Target } from '../../src/model/target.js';
import { Judgement } from '../../src/model/verdict.js';
import { probes } from '../../src/probes/index.js';
import type { BalancerMembers } from '../../src/probes/balancer-members.js';
import type { DatabaseSessions } from '../../src/probes/database-sessions.js';
import type { DependencyAnswer } from '../../src/probes/dependency-answer.js';
import type { HttpAnswer } from '../../src/probes/http-answer.js';
import {
  ago,
  answer,
  app503,
  haproxy503,
  nginx503,
  NOW,
  refused,
  serviceOf,
  type Situation,
} from './situation.js';

/** Constructed facts of the protocols, judged by the real checks: do their ids, words and bands fit the causal order? */
type World = {
  public?: HttpAnswer;
  app?: HttpAnswer;
  health?: HttpAnswer;
  members?: Partial<BalancerMembers['members'][number]>;
  sessions?: Partial<DatabaseSessions['usage'][number]> | 'unreachable';
  cache?: DependencyAnswer['failure'];
  database?: DependencyAnswer['failure'];
};
const HOSTS = ['api-1', 'api-2'];

const reading = (name: keyof typeof probes, target: Target, via: string, fact: unknown): Reading => ({
  status: 'read',
  probe: probes[name].id,
  target,
  via,
  source: name,
  at: NOW,
  durationMs: 3,
  fact,
});
const hosts = (name: keyof typeof probes, fact: HttpAnswer | undefined): Reading[] =>
  fact === undefined ? [] : HOSTS.map((host) => reading(name, { kind: 'host', name: host }, host, fact));

const row = {
  queued: 0,
  queuedMax: 0,
  sessions: 0,
  sessionLimit: null,
  responses5xx: 0,
  connectionErrors: 0,
  lastChangeSeconds: 120,
  downTransitions: 1,
  active: 1,
};
const pool = (member: World['members']): Reading[] => {
  if (member === undefined) return [];
  const checked = {
    address: null,
    checkStatus: 'L7STS',
    checkCode: 503,
    lastCheck: null,
    checkDurationMs: 3,
    failedChecks: 3,
    takenOutByAnswers: 0,
    weight: 1,
  };
  const fact: BalancerMembers = {
    pool: { ...row, name: 'BACKEND', status: 'DOWN', line: 'api,BACKEND,DOWN' },
    members: HOSTS.map((name) => ({
      ...row,
      ...checked,
      name,
      status: 'DOWN',
      line: `api,${name},DOWN`,
      ...member,
    })),
    fullFrontends: [],
    closedFrontends: [],
    rejectingFrontends: [],
    monitoringFrontends: [],
    answeredFrom: 'socket',
  };
  return [reading('balancerMembers', { kind: 'balancer', name: 'api' }, 'lb-1', fact)];
};

const database: Target = { kind: 'dependency', name: 'database' };
const sessions = (given: World['sessions']): Reading[] => {
  if (given === 'unreachable') {
    const { fact: _fact, ...rest } = reading('databaseSessions', database, 'worker', null) as Extract<
      Reading,
      { status: 'read' }
    >;
    return [
      { ...rest, status: 'unread', reason: 'unreachable', detail: 'connect ECONNREFUSED 10.0.0.9:5432' },
    ];
  }
  const usage: DatabaseSessions['usage'][number] = {
    used: 12,
    usable: 97,
    maxConnections: 100,
    active: 1,
    idle: 11,
    idleInTransaction: 0,
    idleInTransactionOld: 0,
    oldestIdleInTransactionAt: null,
    waitingForLock: 0,
    hidden: 0,
    activeLong: 0,
    ...given,
  };
  const group = {
    user: 'api',
    application: 'api',
    client: '10.0.0.2',
    state: 'idle',
    count: usage.used,
    longestSeconds: 1,
    line: 'api|api|idle',
  };
  const fact: DatabaseSessions = {
    address: 'diag503@db.internal:5432/orders',
    refused: null,
    usage: [usage, usage],
    groups: [group],
    lockSessions: [],
    limits: [],
    pools: null,
  };
  return [reading('databaseSessions', database, 'api-1', fact)];
};

const dependency = (
  name: 'redisDependency' | 'postgresDependency',
  target: string,
  failure: DependencyAnswer['failure'],
): Reading[] =>
  HOSTS.map((host) => {
    const kind = name === 'redisDependency' ? 'redis' : 'postgres';
    const fact: DependencyAnswer = {
      kind,
      address: `${target}.internal:1`,
      rung: failure?.rung ?? 'answer',
      failure,
      latencyMs: 1,
      certificateExpiresAt: null,
      details: {},
      lines: [failure?.message ?? 'PONG'],
    };
    return reading(name, { kind: 'dependency', name: target }, host, fact);
  });

const verdict = (world: World, situation: Situation = { behind: 'haproxy' }) => {
  const url = world.public === undefined ? {} : { public: [world.public] };
  const service = serviceOf({ ...situation, ...url, dependencies: ['cache'] });
  const readings = [
    ...(world.public === undefined
      ? []
      : [
          reading('publicAnswer', { kind: 'service', name: service.name }, 'worker', {
            answers: [world.public, world.public, world.public],
          }),
        ]),
    ...hosts('appAnswer', world.app),
    ...hosts('healthAnswer', world.health),
    ...pool(world.members),
    ...sessions(world.sessions ?? {}),
    ...dependency('redisDependency', 'cache', world.cache ?? null),
    ...dependency('postgresDependency', 'database', world.database ?? null),
  ];
  const reach = HOSTS.map((name) => ({ name, reached: true }));
  return Judgement.parse(judge({ service, readings, hosts: reach, now: NOW }));
};
const short = ({ verdict: { status, cause, confidence, hop, chain } }: Judgement) => ({
  status,
  cause,
  confidence,
  hop,
  chain: chain.map(({ check }) => check),
});
const REFUSED: DependencyAnswer['failure'] = {
  rung: 'tcp',
  kind: 'refused',
  message: 'connect ECONNREFUSED',
  code: null,
};
const OK = answer(200);

describe('judged by the real checks', () => {
  it('healthy', () => {
    const judgement = verdict({
      public: OK,
      app: OK,
      health: OK,
      members: { status: 'UP', checkStatus: 'L7OK', checkCode: 200 },
    });
    expect(short(judgement)).toMatchObject({ status: 'healthy', cause: null });
    expect(judgement.findings).toEqual([]);
  });

  it('forgotten transactions', () => {
    const judgement = verdict({
      public: haproxy503,
      app: app503,
      health: app503,
      members: {},
      sessions: {
        used: 97,
        idle: 5,
        idleInTransaction: 91,
        idleInTransactionOld: 91,
        oldestIdleInTransactionAt: ago(700),
      },
    });
    expect(short(judgement)).toEqual({
      status: 'cause-found',
      cause: 'database-connections',
      confidence: 'confirmed',
      hop: 'balancer',
      chain: [
        'idle-in-transaction',
        'connections-exhausted',
        'health-endpoint-failing',
        'members-down',
        'answers-503',
      ],
    });
    expect(judgement.verdict.remediations[0]).toBe('end-idle-sessions');
  });

  it('a check on a path that is not there', () => {
    const judgement = verdict({
      public: haproxy503,
      app: OK,
      health: answer(404),
      members: { checkCode: 404 },
    });
    expect(short(judgement)).toEqual({
      status: 'cause-found',
      cause: 'health-check',
      confidence: 'confirmed',
      hop: 'balancer',
      chain: ['health-endpoint-misplaced', 'member-down-though-healthy', 'answers-503'],
    });
  });

  it('a cache that is down and named', () => {
    const names = answer(503, { body: 'cache.internal:6379 refused' });
    expect(
      short(verdict({ public: haproxy503, app: names, health: names, members: {}, cache: REFUSED })),
    ).toEqual({
      status: 'cause-found',
      cause: 'dependency',
      confidence: 'confirmed',
      hop: 'balancer',
      chain: ['dependency-unreachable', 'health-endpoint-failing', 'members-down', 'answers-503'],
    });
  });

  it('a database that is down is no exhausted one', () => {
    const judgement = verdict(
      { public: app503, app: app503, health: app503, database: REFUSED, sessions: 'unreachable' },
      {},
    );
    expect(short(judgement)).toMatchObject({ cause: 'dependency', confidence: 'confirmed', hop: 'app' });
    expect(judgement.checklist[3]).toMatchObject({ answer: 'unknown' });
  });

  it('a page of nginx itself in front of an app that serves', () => {
    expect(short(verdict({ public: nginx503, app: OK, health: OK }, { behind: 'nginx' }))).toMatchObject({
      status: 'cause-found',
      cause: 'deliberate',
      hop: 'proxy',
      chain: ['maintenance-mode', 'answers-503'],
    });
  });

  it('members in maintenance', () => {
    const judgement = verdict({ public: haproxy503, app: OK, health: OK, members: { status: 'MAINT' } });
    expect(short(judgement)).toMatchObject({
      cause: 'deployment',
      confidence: 'confirmed',
      chain: ['member-draining', 'answers-503'],
    });
  });

  it('nothing listens, says only the balancer', () => {
    const judgement = verdict({
      public: haproxy503,
      app: refused,
      health: refused,
      members: { checkStatus: 'L4CON', checkCode: null },
    });
    expect(short(judgement)).toMatchObject({
      cause: 'not-started',
      chain: ['port-refused', 'health-endpoint-failing', 'members-down', 'answers-503'],
    });
  });
});

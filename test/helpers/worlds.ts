import { expect } from 'vitest';
import type { RemediationId } from '../../src/model/cause.js';
import { Plan } from '../../src/model/plan.js';
import type { Reading } from '../../src/model/reading.js';
import { RemediationRule, type Service } from '../../src/model/service.js';
import { planOf } from '../../src/remediations/define-remediation.js';
import { remediations } from '../../src/remediations/index.js';
import type { World } from '../../src/remediations/world.js';
import { runDocument } from './run-document.js';
import { service as serviceOf } from './service.js';

export const AT = '2026-11-22T02:53:07.000Z';
export const reading = (
  probe: string,
  kind: 'host' | 'balancer' | 'dependency',
  name: string,
  fact: unknown,
): Reading => ({
  ...{
    status: 'read',
    probe,
    target: { kind, name },
    via: 'worker',
    source: probe,
    at: AT,
    durationMs: 1,
    fact,
  },
});
export const unit = (host: string, fields: object = {}): Reading =>
  reading('unit-state', 'host', host, {
    ...{
      id: 'api.service',
      description: '',
      loadState: 'loaded',
      activeState: 'active',
      subState: 'running',
    },
    ...{ unitFileState: 'enabled', result: 'success', execMainCode: 0, execMainStatus: 0, restarts: 0 },
    ...{ restart: 'no', mainPid: 7, invocationId: `inv-${host}`, execMainStartAt: AT, execMainExitAt: null },
    ...{
      activeEnterAt: AT,
      inactiveExitAt: AT,
      inactiveEnterAt: null,
      stateChangeAt: AT,
      conditionMet: true,
    },
    ...{ conditionAt: null, needsReload: false, controlGroup: '', triggeredBy: '', lines: [] },
    ...fields,
  });
export const row = (name: string, status: string) => ({
  ...{ name, status, queued: 0, queuedMax: 0, sessions: 0, sessionLimit: null, responses5xx: 0 },
  ...{ connectionErrors: 0, lastChangeSeconds: 1, downTransitions: 0, active: 1, line: '' },
});
export const pool = (statuses: Record<string, string>): Reading =>
  reading('balancer-members', 'balancer', 'api', {
    pool: row('BACKEND', 'UP'),
    members: Object.entries(statuses).map(([name, status]) => ({
      ...row(name, status),
      ...{
        address: null,
        checkStatus: null,
        checkCode: null,
        lastCheck: null,
        checkDurationMs: null,
        failedChecks: 0,
        takenOutByAnswers: 0,
        weight: 1,
      },
    })),
    fullFrontends: [],
    answeredFrom: 'socket',
  });
export const sessions = (...idle: object[]): Reading =>
  reading('database-sessions', 'dependency', 'database', {
    ...{ address: 'x', refused: null, usage: [], groups: [], lockSessions: [], limits: [], pools: null },
    idleSessions: idle.map((each, index) => ({
      ...{ pid: 100 + index, startedAt: '2026-11-22T02:41:00.123456Z', user: 'api', application: 'api' },
      ...{ client: null, idleSeconds: 600 },
      ...each,
    })),
  });

export const rule = (fields: object = {}) => RemediationRule.parse({ allow: ['operator'], ...fields });
export const service = (fields: Partial<Service> = {}): Service =>
  serviceOf('api-prod', {
    hosts: ['api-1', 'api-2', 'api-3'],
    unit: 'api',
    balancer: { kind: 'haproxy', host: 'lb-1', socket: '/run/haproxy.sock', pool: 'api' },
    proxy: { kind: 'nginx', errorLog: '/var/log/nginx/error.log' },
    database: { kind: 'postgres', url: 'postgres://ro@db/orders' },
    ...fields,
  });
export const finding = (id: RemediationId, host?: string) => ({
  ...runDocument().findings[0]!,
  target:
    host === undefined
      ? ({ kind: 'service', name: 'api-prod' } as const)
      : ({ kind: 'host', name: host } as const),
  remediations: [id],
});
export const world = (id: RemediationId, readings: Reading[], fields: Partial<World> = {}): World => ({
  service: service(),
  rule: rule(),
  verdict: { ...runDocument().verdict, remediations: [id] },
  findings: [finding(id)],
  readings,
  ...fields,
});
export const plan = (id: RemediationId, given: World): Plan => {
  const planned = planOf(remediations[id], given);
  if (!planned.fits) throw new Error(planned.because);
  expect(Plan.parse(planned.plan)).toEqual(planned.plan);
  return planned.plan;
};
export const lines = ({ steps }: Plan): string[] =>
  steps.map((step) => {
    if (step.kind === 'command') return `${step.host}$ ${step.argv.join(' ')}`;
    if (step.kind === 'member') return `${step.member} ${step.state}`;
    if (step.kind === 'link') return `${step.host}$ ${step.program}: ${step.from} -> ${step.to}`;
    return step.kind === 'wait' ? `${step.member ?? step.host} ${step.until}?` : step.text;
  });
export const SYSTEMCTL = '/usr/bin/systemctl --no-pager --no-ask-password';

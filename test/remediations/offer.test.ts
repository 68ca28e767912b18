import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RemediationId } from '../../src/model/cause.js';
import { Plan } from '../../src/model/plan.js';
import { planLines } from '../../src/model/plan-lines.js';
import type { Reading } from '../../src/model/reading.js';
import { type Around, serviceDigest } from '../../src/model/service-digest.js';
import { type HostAccess, RemediationRule, Role, type Service } from '../../src/model/service.js';
import { movedSince, planOf } from '../../src/remediations/define-remediation.js';
import { remediations } from '../../src/remediations/index.js';
import { offer } from '../../src/remediations/offer.js';
import type { World } from '../../src/remediations/world.js';
import { runDocument } from '../helpers/run-document.js';
import { service as serviceOf } from '../helpers/service.js';

const AT = '2026-11-22T02:53:07.000Z';
const reading = (
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
const unit = (host: string, fields: object = {}): Reading =>
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
const row = (name: string, status: string) => ({
  ...{ name, status, queued: 0, queuedMax: 0, sessions: 0, sessionLimit: null, responses5xx: 0 },
  ...{ connectionErrors: 0, lastChangeSeconds: 1, downTransitions: 0, active: 1, line: '' },
});
const pool = (statuses: Record<string, string>): Reading =>
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
        weight: 1,
      },
    })),
    answeredFrom: 'socket',
  });
const sessions = (...idle: object[]): Reading =>
  reading('database-sessions', 'dependency', 'database', {
    ...{ address: 'x', refused: null, usage: [], groups: [], lockSessions: [], limits: [], pools: null },
    idleSessions: idle.map((each, index) => ({
      ...{ pid: 100 + index, startedAt: '2026-11-22T02:41:00.123456Z', user: 'api', application: 'api' },
      ...{ client: null, idleSeconds: 600 },
      ...each,
    })),
  });

const rule = (fields: object = {}) => RemediationRule.parse({ allow: ['operator'], ...fields });
const service = (fields: Partial<Service> = {}): Service =>
  serviceOf('api-prod', {
    hosts: ['api-1', 'api-2', 'api-3'],
    unit: 'api',
    balancer: { kind: 'haproxy', host: 'lb-1', socket: '/run/haproxy.sock', pool: 'api' },
    proxy: { kind: 'nginx', errorLog: '/var/log/nginx/error.log' },
    database: { kind: 'postgres', url: 'postgres://ro@db/orders' },
    ...fields,
  });
const finding = (id: RemediationId, host?: string) => ({
  ...runDocument().findings[0]!,
  target:
    host === undefined
      ? ({ kind: 'service', name: 'api-prod' } as const)
      : ({ kind: 'host', name: host } as const),
  remediations: [id],
});
const world = (id: RemediationId, readings: Reading[], fields: Partial<World> = {}): World => ({
  service: service(),
  rule: rule(),
  verdict: { ...runDocument().verdict, remediations: [id] },
  findings: [finding(id)],
  readings,
  ...fields,
});
const plan = (id: RemediationId, given: World): Plan => {
  const planned = planOf(remediations[id], given);
  if (!planned.fits) throw new Error(planned.because);
  expect(Plan.parse(planned.plan)).toEqual(planned.plan);
  return planned.plan;
};
const lines = ({ steps }: Plan): string[] =>
  steps.map((step) => {
    if (step.kind === 'command') return `${step.host}$ ${step.argv.join(' ')}`;
    if (step.kind === 'member') return `${step.member} ${step.state}`;
    if (step.kind === 'link') return `${step.host}$ ${step.program}: ${step.from} -> ${step.to}`;
    return step.kind === 'wait' ? `${step.member ?? step.host} ${step.until}?` : step.text;
  });
const SYSTEMCTL = '/usr/bin/systemctl --no-pager --no-ask-password';

it.each(RemediationId.options)('%s is registered under the name of its file', (id) => {
  expect(remediations[id].id).toBe(id);
  expect(existsSync(new URL(`../../src/remediations/${id}.ts`, import.meta.url))).toBe(true);
});

describe('restart-service', () => {
  const all = [unit('api-1'), unit('api-2'), unit('api-3')];

  it('restarts one host after the other, each drained first and put back afterwards', () => {
    const up = pool({ 'api-1': 'UP', 'api-2': 'UP', 'api-3': 'UP' });
    const given = world('restart-service', [...all, up], { findings: [finding('restart-service', 'api-2')] });
    expect(lines(plan('restart-service', given))).toEqual([
      'api-2 drain',
      'api-2 drained?',
      `api-2$ ${SYSTEMCTL} --no-block restart api.service`,
      'api-2 healthy?',
      'api-2 ready',
      'api-2 up?',
    ]);
  });

  it('drains nobody whom the others could not do without', () => {
    const given = world('restart-service', [
      ...all,
      pool({ 'api-1': 'DOWN', 'api-2': 'UP', 'api-3': 'DOWN' }),
    ]);
    expect(lines(plan('restart-service', given))).toHaveLength(6);
    expect(plan('restart-service', given).blastRadius).toContain('are cut off');
  });

  it('expects the invocation that was seen, and is of another world when somebody was faster', () => {
    const given = world('restart-service', all);
    const planned = plan('restart-service', given);
    expect(planned.steps[0]).toMatchObject({ expect: { properties: { InvocationID: 'inv-api-1' } } });
    expect(movedSince(remediations['restart-service'], planned, given)).toBeNull();
    const later = world('restart-service', [
      unit('api-1', { invocationId: 'new' }),
      unit('api-2'),
      unit('api-3'),
    ]);
    expect(movedSince(remediations['restart-service'], planned, later)).toBe(
      'api.service on api-1 was active inv-api-1, now active new',
    );
  });

  it('is of another world when the pool is another one', () => {
    const given = world('restart-service', [...all, pool({ 'api-1': 'UP', 'api-2': 'UP', 'api-3': 'UP' })]);
    const later = world('restart-service', [...all, pool({ 'api-1': 'UP', 'api-2': 'DOWN', 'api-3': 'UP' })]);
    const planned = plan('restart-service', given);
    expect(movedSince(remediations['restart-service'], planned, later)).toBe('member api-2 was up, now down');
  });

  it('is not offered where the unit was not read, or is masked', () => {
    expect(planOf(remediations['restart-service'], world('restart-service', all.slice(1)))).toMatchObject({
      fits: false,
    });
    const masked = [unit('api-1', { loadState: 'masked' }), unit('api-2'), unit('api-3')];
    expect(planOf(remediations['restart-service'], world('restart-service', masked))).toMatchObject({
      fits: false,
    });
  });
});

describe('what a plan is bound to', () => {
  const rules = { 'restart-service': rule() };
  const given = service({ remediations: rules });
  const of = (around: Around) => serviceDigest(given, around);
  const role = (user: string) => new Map([['operator', Role.parse({ users: [user] })]]);

  it('is which machines its hosts are, and who its roles are', () => {
    expect(of({ hosts: new Map([['api-2', { address: '10.0.0.2' }]]) })).not.toBe(of({}));
    expect(of({ hosts: new Map([['lb-1', { address: '10.0.0.2' }]]) })).not.toBe(of({}));
    const through = (address: string) =>
      new Map<string, HostAccess>([
        ['api-1', { jump: 'bastion' }],
        ['bastion', { address }],
      ]);
    expect(of({ hosts: through('10.0.0.1') })).not.toBe(of({ hosts: through('10.0.0.2') }));
    expect(of({ roles: role('U0ANA') })).not.toBe(of({ roles: role('U0EVE') }));
  });

  it('is nothing of others', () => {
    const roles = new Map([['others', Role.parse({ users: ['U0EVE'] })]]);
    expect(of({ hosts: new Map([['web-1', { address: '10.0.0.2' }]]), roles })).toBe(of({}));
  });

  it('has all been read, or there is no button', () => {
    const withRelease = service({ release: { command: ['/bin/release'] } });
    const up = [unit('api-1'), unit('api-2'), unit('api-3')];
    for (const id of ['restart-service', 'roll-back'] as const)
      expect(
        planOf(
          remediations[id],
          world(id, up, { service: withRelease, rule: rule({ command: ['/bin/x'], effect: 'E' }) }),
        ),
      ).toMatchObject({ fits: false, because: 'the release on api-1 could not be read' });
    expect(planOf(remediations['roll-back'], world('roll-back', up.slice(1)))).toMatchObject({
      fits: false,
      because: 'the state of api.service on api-1 could not be read',
    });
  });
});

describe('roll-back', () => {
  it('is about the release, whichever run of it crashes at the moment', () => {
    const released = (id: string) =>
      reading('release', 'host', 'api-1', { id, changedAt: null, lines: [], around: [] });
    const crashing = (invocationId: string) => unit('api-1', { activeState: 'activating', invocationId });
    const own = { rule: rule({ command: ['/bin/x'], effect: 'E' }) };
    const given = world('roll-back', [crashing('a'), unit('api-2'), unit('api-3'), released('v2')], own);
    const planned = plan('roll-back', given);
    const now = (readings: Reading[]) =>
      movedSince(remediations['roll-back'], planned, { ...given, readings });
    expect(now([crashing('b'), released('v2')])).toBeNull();
    expect(now([crashing('b'), released('v1')])).toContain('the release on api-1 was v2, now v1');
  });
});

describe('roll-back by the link', () => {
  const made = (from: string, to: string, host: string, fromMadeAt = AT) =>
    reading('release', 'host', host, {
      ...{ id: from, changedAt: null, lines: [], around: [] },
      before: {
        from: `/srv/api/releases/${from}`,
        to: `/srv/api/releases/${to}`,
        ...{ fromMadeAt, toMadeAt: '2026-11-02T09:00:00.000Z' },
      },
    });
  const hosts = ['api-1', 'api-2', 'api-3'];
  const own: Partial<World> = {
    rule: rule({ releases: '/srv/api/releases' }),
    service: service({
      release: { link: '/srv/api/current' },
      remediations: { 'roll-back': rule({ releases: '/srv/api/releases' }) },
    }),
  };
  const given = (releases: Reading[], more: Reading[] = [], fields: Partial<World> = {}) =>
    world('roll-back', [...hosts.map((host) => unit(host)), ...releases, ...more], { ...own, ...fields });
  const all = (from: string, to: string) => hosts.map((host) => made(from, to, host));
  const LINK = '/usr/local/lib/diag503/roll-back-api-prod: /srv/api/releases/r2 -> /srv/api/releases/r1';

  it('names both releases, forgets the crashes, restarts, and waits before it goes on', () => {
    const planned = plan('roll-back', given(all('r2', 'r1')));
    expect(lines(planned).slice(0, 5)).toEqual([
      `api-1$ ${LINK}`,
      `api-1$ ${SYSTEMCTL} reset-failed api.service`,
      `api-1$ ${SYSTEMCTL} --no-block restart api.service`,
      'api-1 healthy?',
      `api-2$ ${LINK}`,
    ]);
    expect(planned.label).toBe('Roll api-prod back to r1');
    expect(planned.effect).toContain('from r2 to r1 on api-1, api-2, api-3');
    expect(planned.blastRadius).toContain('Migrations of the database are not taken back');
    expect(planned.undo).toBe(
      'ln -sfn /srv/api/releases/r2 /srv/api/current && systemctl restart api.service',
    );
    expect(planLines(planned)[0]).toBe(
      'api-1$ (as root) /usr/local/lib/diag503/roll-back-api-prod  # /srv/api/current: from /srv/api/releases/r2 to /srv/api/releases/r1',
    );
  });

  it('drains what serves, and puts it back', () => {
    const up = pool({ 'api-1': 'UP', 'api-2': 'UP', 'api-3': 'UP' });
    const planned = lines(plan('roll-back', given(all('r2', 'r1'), [up])));
    expect(planned.slice(0, 3)).toEqual(['api-1 drain', 'api-1 drained?', `api-1$ ${LINK}`]);
    expect(planned.slice(5, 8)).toEqual(['api-1 healthy?', 'api-1 ready', 'api-1 up?']);
  });

  it('leaves the host alone that runs the release before already', () => {
    const half = [
      made('r2', 'r1', 'api-1'),
      made('r1', 'r0', 'api-2', '2026-11-02T09:00:00.000Z'),
      made('r2', 'r1', 'api-3'),
    ];
    const planned = plan('roll-back', given(half));
    expect(new Set(planned.steps.map((step) => ('host' in step ? step.host : '')))).toEqual(
      new Set(['api-1', 'api-3']),
    );
  });

  it.each([
    [
      'before it there was another one elsewhere',
      [made('r2', 'r1', 'api-1'), made('r2', 'r0', 'api-2'), made('r2', 'r1', 'api-3')],
      'and /srv/api/releases/r0 on api-2',
    ],
    [
      'a host runs a third one',
      [
        made('r3', 'r2', 'api-1', '2026-11-23T00:00:00.000Z'),
        made('r3', 'r2', 'api-2', '2026-11-23T00:00:00.000Z'),
        made('r1', 'r0', 'api-3'),
      ],
      'api-3 runs /srv/api/releases/r1',
    ],
    [
      'it was not read',
      [made('r2', 'r1', 'api-1'), made('r2', 'r1', 'api-2')],
      'the release on api-3 could not be read',
    ],
  ])('does not where %s', (_why, releases, because) => {
    expect(planOf(remediations['roll-back'], given(releases))).toMatchObject({
      fits: false,
      because: expect.stringContaining(because) as string,
    });
  });

  it('is of another world when a deploy came meanwhile, and not when it crashed once more', () => {
    const before = given(all('r2', 'r1'));
    const planned = plan('roll-back', before);
    const moved = (now: World) => movedSince(remediations['roll-back'], planned, now);
    expect(moved(given(all('r2', 'r1')))).toBeNull();
    expect(moved(given([made('r3', 'r2', 'api-1'), ...all('r2', 'r1').slice(1)]))).toContain(
      'was r2, now r3',
    );
    expect(moved(given(all('r2', 'r1.1')))).toContain('the release before on api-1');
  });
});

describe('start-service', () => {
  it('is of another world when another release is there meanwhile', () => {
    const released = (id: string) =>
      reading('release', 'host', 'api-1', { id, changedAt: null, lines: [], around: [] });
    const stopped = unit('api-1', { activeState: 'inactive', invocationId: '' });
    const given = world('start-service', [stopped, released('v1')]);
    const moved = movedSince(
      remediations['start-service'],
      plan('start-service', given),
      world('start-service', [stopped, released('v2')]),
    );
    expect(moved).toBe('the release on api-1 was v1, now v2');
  });

  it('starts only what is stopped, and forgets its failures first', () => {
    const given = world('start-service', [
      unit('api-1', { activeState: 'failed', invocationId: '' }),
      unit('api-2'),
      unit('api-3', { activeState: 'inactive', invocationId: '' }),
    ]);
    expect(lines(plan('start-service', given))).toEqual([
      `api-1$ ${SYSTEMCTL} reset-failed api.service`,
      `api-1$ ${SYSTEMCTL} --no-block start api.service`,
      'api-1 healthy?',
      `api-3$ ${SYSTEMCTL} --no-block start api.service`,
      'api-3 healthy?',
    ]);
    expect(
      movedSince(
        remediations['start-service'],
        plan('start-service', given),
        world('start-service', [unit('api-1'), unit('api-3')]),
      ),
    ).toContain('no longer stopped on api-1, api-3');
  });

  it('unmasks nothing', () => {
    const given = world('start-service', [unit('api-1', { activeState: 'inactive', loadState: 'masked' })]);
    expect(planOf(remediations['start-service'], given)).toMatchObject({
      fits: false,
      because: expect.stringContaining('masked') as string,
    });
  });
});

describe('drain-host and restore-host', () => {
  const sick = (statuses: Record<string, string>) =>
    world('drain-host', [pool(statuses)], { findings: [finding('drain-host', 'api-2')] });

  it('drains the one sick host', () => {
    expect(lines(plan('drain-host', sick({ 'api-1': 'UP', 'api-2': 'UP', 'api-3': 'UP' })))).toEqual([
      'api-2 drain',
      'api-2 drained?',
    ]);
  });

  it('drains the host that the root is about, whatever else is true of the others', () => {
    const beside = { ...finding('drain-host', 'api-1'), check: 'cpu-saturated' };
    const statuses = pool({ 'api-1': 'UP', 'api-2': 'UP', 'api-3': 'UP' });
    const given = world('drain-host', [statuses], { findings: [beside, finding('drain-host', 'api-2')] });
    expect(lines(plan('drain-host', given))).toEqual(['api-2 drain', 'api-2 drained?']);
  });

  it.each([
    ['too few would remain', { 'api-1': 'DOWN', 'api-2': 'UP', 'api-3': 'DOWN' }, 'only 0 of 3 members'],
    ['it is out already', { 'api-1': 'UP', 'api-2': 'MAINT', 'api-3': 'UP' }, 'is MAINT already'],
    ['nobody knows which member it is', { a: 'UP', b: 'UP' }, 'could not be told'],
  ])('does not where %s', (_why, statuses, because) => {
    const answer = planOf(remediations['drain-host'], sick(statuses));
    expect(answer).toMatchObject({ fits: false, because: expect.stringContaining(because) as string });
  });

  it('restores what is drained, and is of another world when a member went down meanwhile', () => {
    const given = world('restore-host', [pool({ 'api-1': 'UP', 'api-2': 'DRAIN', 'api-3': 'UP' })]);
    const planned = plan('restore-host', given);
    expect(lines(planned)).toEqual(['api-2 ready', 'api-2 up?']);
    const later = world('restore-host', [pool({ 'api-1': 'DOWN', 'api-2': 'DRAIN', 'api-3': 'UP' })]);
    expect(movedSince(remediations['restore-host'], planned, later)).toBe('member api-1 was up, now down');
  });
});

describe('reload-proxy, roll-back and run-command', () => {
  it('tests the configuration before it is loaded', () => {
    const given = world('reload-proxy', [], { findings: [finding('reload-proxy', 'api-1')] });
    expect(lines(plan('reload-proxy', given))).toEqual([
      'api-1$ /usr/sbin/nginx -t -q',
      `api-1$ ${SYSTEMCTL} reload nginx.service`,
    ]);
  });

  it('runs the words of the inventory as they are, and only against the causes that it names', () => {
    const own = rule({
      command: ['/bin/x', '; id', '$(id)'],
      effect: 'E',
      title: 'Do X',
      causes: ['database-connections'],
    });
    const given = world('run-command', [], { rule: own, service: service({ hosts: ['api-1'] }) });
    expect(plan('run-command', given)).toMatchObject({
      label: 'Do X',
      steps: [{ argv: ['/bin/x', '; id', '$(id)'] }],
    });
    const other = { ...given, verdict: { ...given.verdict, cause: 'overload' as const } };
    expect(planOf(remediations['run-command'], other)).toMatchObject({ fits: false });
    expect(plan('roll-back', { ...given, readings: [unit('api-1')] }).blastRadius).toContain('Migrations');
  });
});

describe('what is offered', () => {
  const rules = { 'end-idle-sessions': rule({ users: ['api'], approvals: 1 }), 'restart-service': rule() };
  const document = (fields: object = {}) => {
    const { verdict } = runDocument();
    return runDocument({
      verdict: {
        ...verdict,
        remediations: ['end-idle-sessions', 'restart-service', 'drain-host'],
        ...fields,
      },
    });
  };
  const readings = [sessions({}, {}, { user: 'other' }), unit('api-1'), unit('api-2'), unit('api-3')];
  const given = { service: service({ remediations: rules }), document: document(), readings };

  it('is the best first, and only what the inventory names and what fits', () => {
    const { offers, withheld } = offer(given);
    expect(offers.map(({ plan: { label }, approvalsNeeded }) => [label, approvalsNeeded])).toEqual([
      ['End 2 idle sessions', 1],
      ['Restart api on api-1, api-2, api-3', 0],
    ]);
    expect(withheld.map(({ id }) => id)).toEqual(['drain-host', 'run-command']);
  });

  it.each<[string, object]>([
    ['is only possible', { confidence: 'possible' }],
    ['is healthy', { status: 'healthy' }],
    ...['rollout-in-progress', 'dependency-unreachable', 'maintenance-mode', 'unit-starting'].map(
      (check) =>
        [`begins with ${check}`, { chain: [{ ...runDocument().verdict.chain[0]!, check }] }] as [
          string,
          object,
        ],
    ),
  ])('is nothing where the verdict %s', (_what, fields) => {
    expect(offer({ ...given, document: document(fields) }).offers).toEqual([]);
  });

  it('is nothing that has to be approved and that no message can show whole', () => {
    const command = ['/usr/local/bin/x', 'y'.repeat(9_000)];
    const withRule = (approvals: number) => {
      const own = rule({
        effect: 'Does it.',
        title: 'Do it',
        command,
        approvals,
        causes: ['database-connections'],
      });
      return offer({ ...given, service: service({ remediations: { 'run-command': own } }) });
    };
    expect(withRule(1).offers).toEqual([]);
    expect(withRule(1).withheld.at(-1)?.because).toContain('nobody approves what they cannot see');
    expect(withRule(0).offers).toHaveLength(1);
  });

  it('is nothing without a rule: the default is no', () => {
    expect(offer({ ...given, service: service() }).offers).toEqual([]);
  });
});

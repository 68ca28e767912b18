import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RemediationId } from '../../src/model/cause.js';

import type { Reading } from '../../src/model/reading.js';
import { type Around, serviceDigest } from '../../src/model/service-digest.js';
import { type HostAccess, Role } from '../../src/model/service.js';
import { movedSince, planOf } from '../../src/remediations/define-remediation.js';
import { remediations } from '../../src/remediations/index.js';
import { offer } from '../../src/remediations/offer.js';
import { runDocument } from '../helpers/run-document.js';
import {
  reading,
  unit,
  pool,
  sessions,
  rule,
  service,
  finding,
  world,
  plan,
  lines,
  SYSTEMCTL,
} from '../helpers/worlds.js';

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
    const root = { ...finding('drain-host', 'api-2'), check: runDocument().verdict.chain[0]!.check };
    const given = world('drain-host', [statuses], { findings: [beside, root] });
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

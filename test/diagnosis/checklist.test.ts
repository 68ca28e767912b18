import { describe, expect, it } from 'vitest';
import { BEHIND_HAPROXY, DEAD, HEALTH, OK, three } from './host-cases.js';
import { answer, app503, judgeSituation, type Situation } from './situation.js';

const lines = (situation: Situation) =>
  judgeSituation(situation).checklist.map(({ answer: said, note }) => `${said}: ${note}`);

describe('the checklist', () => {
  it('asks the six questions of the runbook in their order', () => {
    expect(judgeSituation({ health: OK }).checklist.map(({ question }) => question)).toEqual([
      'application process running?',
      'CPU and memory within limits?',
      'health check responding?',
      'database connections available?',
      'dependencies reachable?',
      'deployment just rolled out?',
    ]);
  });

  it('answers yes with numbers while all is well, and no to the last', () => {
    const said = lines({ health: OK, dependencies: ['cache'] });
    expect(said.map((line) => line.split(':')[0])).toEqual(['yes', 'yes', 'yes', 'yes', 'yes', 'no']);
    expect(said[2]).toBe('yes: 200 on 2 of 2 hosts, 34 ms');
  });

  it.each<[situation: Situation, line: number, expected: string]>([
    [
      { ...DEAD, failed: [{ check: 'unit-failed', on: 'api-2', summary: 'exit status 1' }] },
      0,
      'no: api-2: exit status 1',
    ],
    [
      { ...DEAD, failed: [{ check: 'unit-failed', summary: 'exit status 1' }] },
      0,
      'no: 2 of 2 hosts: api-1: exit status 1',
    ],
    [
      { ...BEHIND_HAPROXY, failed: [{ check: 'cpu-saturated', summary: 'CPU pressure 96 %' }] },
      1,
      'no: 2 of 2 hosts: api-1: CPU pressure 96 %',
    ],
    [{ health: { 'api-1': OK, 'api-2': app503 } }, 2, 'no: 503 on 1 of 2 hosts'],
    [{ health: answer(404), failed: [{ check: 'health-endpoint-misplaced' }] }, 2, 'no: 404 on 2 of 2 hosts'],
    [{ health: OK, unreached: ['api-2'] }, 2, 'unknown: 1 of 2 heard; not api-2'],
    [
      {
        ...BEHIND_HAPROXY,
        failed: [{ check: 'connections-exhausted', summary: '97 of 97 connections are taken' }, HEALTH],
      },
      3,
      'no: 97 of 97 connections are taken',
    ],
    [{ health: OK, unread: [{ check: 'connections-exhausted' }] }, 3, 'unknown: api-prod: permission denied'],
    [
      {
        health: OK,
        dependencies: ['cache'],
        failed: [{ check: 'dependency-unreachable', on: 'cache', summary: 'cache refuses' }],
      },
      4,
      'no: cache refuses',
    ],
    [
      {
        health: OK,
        dependencies: ['cache'],
        failed: [
          { check: 'certificate-expired', on: 'cache', summary: 'certificate of cache ended 3 days ago' },
        ],
      },
      4,
      'no: certificate of cache ended 3 days ago',
    ],
    [
      { health: OK, failed: [{ check: 'rollout-in-progress', on: 'api-1', summary: 'ansible runs' }] },
      5,
      'yes: api-1: ansible runs',
    ],
  ])('%#', (situation, line, expected) => {
    expect(lines(situation)[line]).toBe(expected);
  });
});

describe('what is enough for a yes', () => {
  it('is an open port, where the unit is not known', () => {
    const said = lines({ health: OK, unread: [{ check: 'unit-failed' }, { check: 'unit-inactive' }] });
    expect(said[0]).toMatch(/^yes: api-1: port-not-listening passed/);
  });

  it('names the host that was not reached, not the unit that is unknown', () => {
    const said = lines({
      health: OK,
      unread: [{ check: 'unit-inactive', on: 'api-1', reason: 'no unit' }],
      unreached: ['api-2'],
    });
    expect(said[0]).toBe('unknown: api-2 was not reached');
  });

  it('is not one open port of two', () => {
    expect(lines({ health: OK, unreached: ['api-2'] })[0]).toBe('unknown: api-2 was not reached');
  });
});

describe('what is ruled out', () => {
  const causes = (situation: Situation) => judgeSituation(situation).ruledOut.map(({ cause }) => cause);

  it('says the numbers', () => {
    expect(judgeSituation({ health: OK }).ruledOut.find(({ cause }) => cause === 'overload')?.because).toBe(
      'api-1: accept-queue-full passed with 0 of 10 (2 of 2 hosts); api-1: cpu-saturated passed with 0 of 10 (2 of 2 hosts)',
    );
  });

  it('is no cause of which a check failed, even as a consequence', () => {
    expect(causes({ ...BEHIND_HAPROXY, failed: [{ check: 'connections-exhausted' }, HEALTH] })).toEqual([
      'overload',
      'not-started',
      'deployment',
      'dependency',
      'deliberate',
      'routing',
    ]);
  });

  it('is no cause of which anything is unknown', () => {
    expect(causes({ health: OK, unread: [{ check: 'workers-busy', on: 'api-2' }] })).not.toContain(
      'overload',
    );
    expect(causes({ health: OK, unreached: ['api-2'] })).not.toContain('not-started');
  });
});

describe('what is unknown', () => {
  it('names a lost host once', () => {
    const { unknown } = judgeSituation({ public: three(OK), app: OK, health: OK, unreached: ['api-2'] });
    expect(unknown).toHaveLength(1);
    expect(unknown[0]).toMatchObject({ target: { kind: 'host', name: 'api-2' } });
    expect(unknown[0]?.reason).toMatch(/^connection timed out \(and \d+ more checks\)$/);
  });

  it('keeps different reasons apart, with what would change them', () => {
    const { unknown } = judgeSituation({
      health: OK,
      unread: [
        { check: 'disk-full', on: 'api-1', reason: 'df: timed out' },
        {
          check: 'memory-exhausted',
          on: 'api-1',
          reason: 'permission denied; `usermod -aG adm diag503` would allow it',
        },
      ],
    });
    expect(unknown.map(({ check, reason }) => `${check}: ${reason}`)).toEqual([
      'memory-exhausted: permission denied; `usermod -aG adm diag503` would allow it',
      'disk-full: df: timed out',
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { checks } from '../../src/checks/index.js';
import { judge } from '../../src/diagnosis/judge.js';
import type { Why } from '../../src/model/explanation.js';
import type { Reading, ReadReading } from '../../src/model/reading.js';
import { reading } from '../builders/readings.js';
import { recorded } from '../builders/recorded.js';
import { service } from '../helpers/service.js';
import { BEHIND_HAPROXY, DEAD, HEALTH, OK, three } from './host-cases.js';
import {
  ago,
  answer,
  app503,
  haproxy503,
  judgeSituation,
  nginx503,
  refused,
  type Situation,
} from './situation.js';

const whyOf = (situation: Situation): Why => {
  const { why } = judgeSituation(situation);
  if (why === undefined) throw new Error('every judgement explains itself');
  return why;
};

describe('why this cause', () => {
  it('says how much it explains, on which hosts, and what began first', () => {
    const why = whyOf({
      ...DEAD,
      failed: [
        { check: 'memory-exhausted', summary: 'Out of memory: Killed process 1', since: ago(720) },
        { check: 'unit-failed', summary: "result 'oom-kill'", since: ago(600) },
        HEALTH,
      ],
    });
    expect(why.because).toBe(
      '2 of 2 sick hosts have it; it explains 4 of 4 other failures, and none explains it; it began 2 min before the rest',
    );
    expect(why.explains).toEqual(['unit failed on 2 of 2 hosts', 'health check fails on 2 of 2 hosts']);
    expect(why.doubts).toEqual([]);
  });

  it.each([
    [['disk-full'], 'the one other failure does not explain it'],
    [['disk-full', 'kernel-table-full'], 'none of the 2 other failures explains it'],
  ])('says of %j beside it that they explain nothing of it', (others, words) => {
    const why = whyOf({
      ...BEHIND_HAPROXY,
      dependencies: ['cache'],
      failed: [
        { check: 'dependency-unreachable', on: 'cache' },
        ...others.map((check) => ({ check, on: 'api-1' })),
      ],
      app: answer(503, { body: 'cache: refused' }),
      health: OK,
    });
    expect(why.because).toContain(words);
  });

  it('says who refused on purpose', () => {
    const why = whyOf({
      behind: 'nginx',
      public: three(nginx503),
      app: refused,
      failed: [{ check: 'maintenance-mode' }, { check: 'unit-failed' }],
    });
    expect(why.because).toBe('nginx wrote the answer by itself, on purpose');
    expect(why.considered).toEqual([
      {
        cause: 'not-started',
        check: 'unit-failed',
        what: 'unit failed on 2 of 2 hosts',
        because: 'nginx wrote this 503 itself, and it does so only on purpose',
      },
    ]);
  });

  it('says why it is not sure', () => {
    const doubtsOf = (changes: Partial<Situation>): string[] =>
      whyOf({ ...BEHIND_HAPROXY, failed: [{ check: 'connections-exhausted' }, HEALTH], ...changes }).doubts;
    expect(doubtsOf({})).toEqual([]);
    expect(doubtsOf({ unreached: ['api-2'] })).toEqual(['api-2 was not reached']);
    expect(
      doubtsOf({ dependencies: ['cache'], failed: [{ check: 'dependency-failing', on: 'cache' }, HEALTH] }),
    ).toEqual(['no error of the app names it']);
    expect(doubtsOf({ unread: [{ check: 'dependency-slow', on: 'database' }] })).toEqual([
      'not known whether behind it: database slow',
    ]);
    expect(
      doubtsOf({ failed: [{ check: 'workers-busy', confidence: 'likely' }, { check: 'accept-queue-full' }] }),
    ).toEqual(['the evidence fits, and does not prove it']);
  });

  it('names the rival and by what it lost', () => {
    const considered = (failed: Situation['failed']) =>
      whyOf({
        ...BEHIND_HAPROXY,
        dependencies: ['cache'],
        failed: [...(failed ?? []), HEALTH],
      }).considered.map(({ what, because }) => [what, because]);
    const slots = { check: 'connections-exhausted' };
    expect(considered([slots, { check: 'dependency-failing', on: 'cache' }])).toEqual([
      ['cache refuses to serve', 'less evidence: likely'],
    ]);
    expect(considered([slots, { check: 'cpu-saturated', confidence: 'possible' }])).toEqual([
      ['not enough CPU on 2 of 2 hosts', 'only a hint'],
    ]);
  });

  it('claims nothing where there is no cause', () => {
    expect(whyOf({ public: three(OK), app: OK, health: OK })).toEqual({
      because: null,
      explains: [],
      wouldContradict: [],
      doubts: [],
      considered: [],
      notLookedAt: [],
    });
  });
});

describe('what would have contradicted it', () => {
  it('every check of the registry says it', () => {
    expect(checks.filter(({ refutedBy }) => refutedBy === undefined).map(({ id }) => id)).toEqual([]);
  });

  const stopped = (readings: readonly Reading[]): Why | undefined =>
    judge({
      service: service('shop', { hosts: ['local'], unit: 'shop' }),
      readings: [
        reading('unitState', recorded('unitState', 'failed-exit'), { kind: 'host', name: 'local' }),
        ...readings,
      ],
      hosts: [{ name: 'local', reached: true }],
      now: '2026-11-22T10:00:00.000Z',
    }).why;

  it('names only what was looked at', () => {
    const asked = reading('healthAnswer', refused, { kind: 'host', name: 'local' });
    expect(stopped([asked])?.wouldContradict).toEqual(['a unit that is active', 'an answer of the app']);
  });
});

describe('what was not looked at', () => {
  const denied =
    'the journal may not be read by diag503; `usermod -aG systemd-journal diag503` would allow it';
  const sick: Situation = { ...BEHIND_HAPROXY, failed: [{ check: 'connections-exhausted' }, HEALTH] };

  it('is said once for a right that is missing on several hosts', () => {
    const hosts = ['api-1', 'api-2', 'api-3'];
    const silent = (check: string, on: string) => ({ check, on, reason: denied });
    const unread = hosts.slice(0, 2).flatMap((on) => [silent('unit-failed', on), silent('disk-full', on)]);
    expect(whyOf({ ...sick, hosts, members: {}, unread }).notLookedAt).toEqual([
      {
        what: 'api-1, api-2: the journal may not be read by diag503',
        allow: 'usermod -aG systemd-journal diag503',
      },
    ]);
  });

  it('puts first what silences most', () => {
    const unread = [
      {
        check: 'rate-limited',
        on: 'api-1',
        reason: 'log: permission denied; `usermod -aG adm d` would allow it',
      },
      ...['disk-full', 'unit-failed'].map((check) => ({ check, reason: denied })),
    ];
    expect(whyOf({ ...sick, unread }).notLookedAt.map(({ allow }) => allow)).toEqual([
      'usermod -aG systemd-journal diag503',
      'usermod -aG adm d',
    ]);
    expect(whyOf({ ...sick, unread }).notLookedAt[0]?.what).toBe(
      'both hosts: the journal may not be read by diag503',
    );
  });

  it('names what was tried where the reason does not', () => {
    const local = { kind: 'host', name: 'local' } as const;
    const late = (name: 'diskSpace' | 'memory', source: string): Reading => {
      const { fact: _fact, ...rest } = reading(name, recorded(name, 'healthy'), local) as ReadReading;
      const detail = 'ended on local after 2 s without an answer';
      return { ...rest, source, status: 'unread', reason: 'timeout', detail };
    };
    const { why } = judge({
      service: service('shop', { hosts: ['local'] }),
      readings: [late('diskSpace', 'df -Pkl'), late('memory', 'cat /proc/meminfo')],
      hosts: [{ name: 'local', reached: true }],
      now: '2026-11-22T10:00:00.000Z',
    });
    expect(why?.notLookedAt[0]?.allow).toBeNull();
    expect(why?.notLookedAt[0]?.what).toMatch(
      /^ended after 2 s without an answer \((df -Pkl, cat \/proc\/meminfo|cat \/proc\/meminfo, df -Pkl)\)$/,
    );
  });

  it('is a lost host once', () => {
    expect(whyOf({ ...sick, unreached: ['api-2'] }).notLookedAt).toEqual([
      { what: 'api-2: connection timed out', allow: null },
    ]);
  });

  it('is what the inventory does not name, where that would have decided', () => {
    const nobody = { public: three(haproxy503), app: answer(200), health: answer(200) };
    expect(whyOf(nobody).notLookedAt).toEqual([
      {
        what: 'HAProxy wrote the answer, and the inventory names no balancer to ask',
        allow: 'balancer: { kind: haproxy, host: HOST, socket: /run/haproxy/admin.sock, pool: POOL }',
      },
    ]);
    expect(whyOf({ app: app503, health: app503, failed: [HEALTH] }).notLookedAt).toEqual([
      { what: 'what users get: the inventory names no url', allow: 'url: https://…' },
    ]);
    const confirmed = { app: app503, health: app503, failed: [{ check: 'connections-exhausted' }, HEALTH] };
    expect(whyOf(confirmed).notLookedAt).toEqual([]);
  });
});

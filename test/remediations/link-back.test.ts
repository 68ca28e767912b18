import { describe, expect, it } from 'vitest';
import { planLines } from '../../src/model/plan-lines.js';
import type { Reading } from '../../src/model/reading.js';
import { movedSince, planOf } from '../../src/remediations/define-remediation.js';
import { remediations } from '../../src/remediations/index.js';
import type { World } from '../../src/remediations/world.js';
import { AT, reading, unit, pool, rule, service, world, plan, lines, SYSTEMCTL } from '../helpers/worlds.js';

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

import { describe, expect, it } from 'vitest';
import { releaseFailing } from '../../src/checks/release-failing.js';
import { releaseSkew } from '../../src/checks/release-skew.js';
import { rolloutInProgress } from '../../src/checks/rollout-in-progress.js';
import { flat, judged } from '../builders/judged.js';
import { outcomeOf, reading } from '../builders/readings.js';
import { recorded } from '../builders/recorded.js';
import { service } from '../helpers/service.js';

const released = service('api', { release: { link: '/srv/api/current' } });
const release = (id: string, changedAt: string | null) => ({ id, changedAt, lines: [`id ${id}`] });
const failing = (name: string, changedAt: string) => ({
  release: release('releases/r2', changedAt),
  unitState: recorded('unitState', name),
  unitJournal: recorded('unitJournal', name),
});

describe('release-failing', () => {
  it('needs an error that a release brings, first seen after the change', () => {
    expect(
      judged(releaseFailing, failing('failed-exit', '2026-11-22T10:39:00.000Z'), { service: released }),
    ).toMatchObject({
      status: 'failed',
      confidence: 'likely',
      since: '2026-11-22T10:39:00.000Z',
    });
  });

  it.each([
    ['failed before the change', 'failed-exit', '2026-11-22T10:43:00.000Z'],
    ['changed long before', 'failed-exit', '2026-11-22T09:00:00.000Z'],
    ['fails for another reason', 'port-in-use', '2026-11-22T10:39:00.000Z'],
    ['runs', 'healthy', '2026-11-22T10:39:00.000Z'],
  ])('passes what %s', (_why, name, changedAt) => {
    expect(judged(releaseFailing, failing(name, changedAt), { service: released })).toMatchObject({
      status: 'passed',
    });
  });
});

describe('release-skew', () => {
  const two = service('api', { hosts: ['web-1', 'web-2'], release: { link: '/srv/api/current' } });
  const on = (host: string, id: string) =>
    reading('release', release(id, '2026-11-22T10:30:00.000Z'), { kind: 'host', name: host }, host);

  it('is possible where hosts differ, and passes where they agree', () => {
    expect(flat(outcomeOf(releaseSkew, two, [on('web-1', 'r1'), on('web-2', 'r2')]))).toMatchObject({
      confidence: 'possible',
    });
    expect(outcomeOf(releaseSkew, two, [on('web-1', 'r1'), on('web-2', 'r1')])).toMatchObject({
      status: 'passed',
    });
    expect(outcomeOf(releaseSkew, two, [on('web-1', 'r1')])).toMatchObject({ status: 'skipped' });
  });
});

describe('rollout-in-progress', () => {
  const quiet = recorded('deployActivity', 'healthy');

  it('passes a quiet host', () => {
    const unitState = recorded('unitState', 'healthy');
    expect(judged(rolloutInProgress, { deployActivity: quiet, unitState })).toEqual({
      status: 'passed',
      summary: 'no deploy tool runs, no unit is stopping',
    });
  });

  it('excludes nothing where neither unit nor release is known', () => {
    expect(judged(rolloutInProgress, { deployActivity: quiet })).toMatchObject({ status: 'skipped' });
  });

  it('is likely while a migration runs, confirmed with a unit that stops', () => {
    const deployActivity = recorded('deployActivity', 'migration');
    expect(judged(rolloutInProgress, { deployActivity })).toMatchObject({ confidence: 'likely' });
    const unitState = recorded('unitState', 'stopping');
    expect(judged(rolloutInProgress, { deployActivity, unitState })).toMatchObject({
      confidence: 'confirmed',
    });
  });

  it('is likely while a unit stops', () => {
    const unitState = recorded('unitState', 'stopping');
    expect(judged(rolloutInProgress, { deployActivity: quiet, unitState })).toMatchObject({
      confidence: 'likely',
      summary: expect.stringContaining('stopping.service is deactivating') as string,
    });
  });
});

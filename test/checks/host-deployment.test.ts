import { describe, expect, it } from 'vitest';
import { releaseFailing } from '../../src/checks/release-failing.js';
import { releaseSkew } from '../../src/checks/release-skew.js';
import { rolloutInProgress } from '../../src/checks/rollout-in-progress.js';
import type { JournalLine } from '../../src/probes/shell/journal-lines.js';
import { flat, judged } from '../builders/judged.js';
import { outcomeOf, reading } from '../builders/readings.js';
import { recorded } from '../builders/recorded.js';
import { service } from '../helpers/service.js';

const released = service('api', { release: { link: '/srv/api/current' } });
const release = (id: string, changedAt: string | null, around: JournalLine[] = []) => ({
  id,
  changedAt,
  lines: [`id ${id}`],
  around,
});
const byManager = (at: string, message: string): JournalLine => ({
  at,
  message,
  process: 'systemd',
  pid: 1,
  line: `${at} systemd[1]: ${message}`,
});
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

  it('counts a unit whose main process has ended by itself while the rest of it is being ended', () => {
    const facts = failing('failed-exit', '2026-11-22T10:39:00.000Z');
    const unitState = { ...facts.unitState, activeState: 'deactivating', subState: 'stop-sigterm' };
    const judge = (result: string, unitJournal = facts.unitJournal) =>
      judged(
        releaseFailing,
        { ...facts, unitState: { ...unitState, result }, unitJournal },
        { service: released },
      );
    expect(judge('exit-code')).toMatchObject({ status: 'failed', confidence: 'likely' });
    expect(judge('success')).toMatchObject({ status: 'passed' });
    // A deploy stops the old release, and that one ends with a status of its own (143).
    const told = byManager('2026-11-22T10:59:00.000Z', 'Stopping api.service - API...');
    const { lines } = facts.unitJournal;
    expect(judge('exit-code', { ...facts.unitJournal, lines: [...lines, told] })).toMatchObject({
      status: 'passed',
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

describe('release-failing, by the journal around the change', () => {
  const changedAt = '2026-11-22T10:39:00.000Z';
  const judge = (around: JournalLine[], name = 'failed-exit', at = changedAt) =>
    judged(
      releaseFailing,
      { ...failing(name, at), release: release('releases/r2', at, around) },
      { service: released },
    );
  const start = byManager('2026-11-22T10:00:00.000Z', 'Started api.service - API.');

  it('is confirmed where the unit ran until then, whatever failed before that run', () => {
    const failure = byManager('2026-11-22T09:00:00.000Z', "api.service: Failed with result 'exit-code'.");
    expect(judge([failure, start])).toMatchObject({ status: 'failed', confidence: 'confirmed' });
  });

  it('passes where the unit was in a loop already', () => {
    const loop = [
      byManager('2026-11-22T10:38:50.000Z', "api.service: Failed with result 'exit-code'."),
      byManager('2026-11-22T10:38:52.000Z', 'api.service: Scheduled restart job, restart counter is at 7.'),
      byManager('2026-11-22T10:38:52.000Z', 'Started api.service - API.'),
    ];
    expect(judge([start, ...loop])).toMatchObject({ status: 'passed' });
  });

  it('sees a loop of an hour begin, though the newest lines do not reach back so far', () => {
    const longAgo = '2026-11-22T09:30:00.000Z';
    const ran = byManager('2026-11-22T08:00:00.000Z', 'Started api.service - API.');
    const first = byManager('2026-11-22T09:30:05.000Z', "api.service: Failed with result 'exit-code'.");
    expect(judge([ran, first], 'crash-loop', longAgo)).toMatchObject({
      status: 'failed',
      confidence: 'confirmed',
    });
    expect(judge([], 'crash-loop', longAgo)).toMatchObject({ status: 'passed' });
  });

  const after = (seconds: number, message: string) =>
    byManager(new Date(Date.parse(changedAt) + seconds * 1000).toISOString(), message);
  const restart = (seconds: number) => [
    after(seconds, 'Stopping api.service - API...'),
    after(seconds, 'Stopped api.service - API.'),
    after(seconds, 'Started api.service - API.'),
  ];
  const exit = (seconds: number) =>
    after(seconds, 'api.service: Main process exited, code=exited, status=1/FAILURE');

  it.each([
    ['lasted until it was told to stop: what came later keeps it', [9, 9.5], 'passed'],
    ['was told to stop too soon to tell', [3, 3.1], 'failed'],
    ['lasted hardly longer than each that fails', [9, 15], 'failed'],
  ])('asks of the first run of the new release whether it %s', (_words, [again = 0, end = 0], status) => {
    expect(judge([start, ...restart(2), ...restart(again), exit(end)])).toMatchObject({ status });
  });

  it('blames a release whose first run ended by itself', () => {
    expect(judge([start, ...restart(2), exit(9)])).toMatchObject({
      status: 'failed',
      confidence: 'confirmed',
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

  it('goes by what users get of each member, too, and is less sure there', () => {
    const releases = [on('web-1', 'r1'), on('web-2', 'r2')];
    const member = (name: string, status: number | null) => ({
      name,
      address: `${name}:80`,
      answer: {
        request: 'GET http://api/ HTTP/1.1',
        status,
        reasonPhrase: null,
        headers: {},
        body: '',
        failure: null,
        firstByteMs: 3,
        certificateExpiresAt: null,
      },
    });
    const answers = (first: number | null, second: number | null) =>
      reading(
        'memberAnswer',
        { members: [member('web-1', first), member('web-2', second)] },
        { kind: 'balancer', name: 'api' },
        'lb-1',
      );
    const judge = (first: number | null, second: number | null) =>
      flat(outcomeOf(releaseSkew, two, [...releases, answers(first, second)]));
    expect(judge(200, 503)).toMatchObject({
      confidence: 'likely',
      summary: 'only the hosts on r2 answer badly (1 on r1, 1 on r2)',
    });
    expect(judge(200, null)).toMatchObject({ confidence: 'possible' });
    expect(judge(503, 503)).toMatchObject({ confidence: 'possible' });
    // Who was not heard is not well.
    expect(judge(null, 503)).toMatchObject({ confidence: 'possible' });
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

  it('is likely while the first run of a new release has not begun to serve', () => {
    const unitState = { ...recorded('unitState', 'starting'), inactiveExitAt: '2026-11-22T10:43:30.000Z' };
    const facts = {
      deployActivity: quiet,
      unitState,
      release: release('releases/r2', '2026-11-22T10:43:20.000Z'),
    };
    expect(judged(rolloutInProgress, facts)).toMatchObject({ confidence: 'likely' });
    const old = { ...facts, release: release('releases/r2', '2026-11-13T10:43:20.000Z') };
    expect(judged(rolloutInProgress, old)).toMatchObject({ status: 'passed' });
  });

  it('is only possible while a unit stops: anybody may stop it', () => {
    const unitState = recorded('unitState', 'stopping');
    expect(judged(rolloutInProgress, { deployActivity: quiet, unitState })).toMatchObject({
      confidence: 'possible',
      summary: expect.stringContaining('stopping.service is deactivating') as string,
    });
  });

  it.each([
    ['deactivating', 'Stopping api.service', 'failed'],
    ['deactivating', 'Started api.service', 'passed'],
    ['reloading', 'Started api.service', 'failed'],
  ])('asks of a unit that is %s whether it was told to: %s', (activeState, message, status) => {
    const unitState = { ...recorded('unitState', 'stopping'), activeState };
    const unitJournal = { unit: 'api.service', lines: [byManager('2026-11-22T10:43:30.000Z', message)] };
    expect(judged(rolloutInProgress, { deployActivity: quiet, unitState, unitJournal })).toMatchObject({
      status,
    });
  });

  it('is no rollout where a unit ends what its crash left', () => {
    const unitState = { ...recorded('unitState', 'stopping'), result: 'exit-code' };
    expect(judged(rolloutInProgress, { deployActivity: quiet, unitState })).toMatchObject({
      status: 'passed',
    });
  });
});

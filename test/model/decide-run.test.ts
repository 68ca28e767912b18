import { describe, expect, it } from 'vitest';
import type { ServiceAlert } from '../../src/model/alert.js';
import { decideRun, type Standing } from '../../src/model/decide-run.js';

const NOW = Date.parse('2026-11-22T03:00:00.000Z');
const ago = (minutes: number): string => new Date(NOW - minutes * 60_000).toISOString();

const firing = (fields: Partial<ServiceAlert> = {}): ServiceAlert => ({
  source: 'alertmanager',
  status: 'firing',
  fingerprint: 'f1',
  title: 'HighErrorRate',
  severity: 'warning',
  startsAt: ago(2),
  endsAt: null,
  labels: {},
  link: null,
  service: 'api-prod',
  ...fields,
});
const resolved = (fields: Partial<ServiceAlert> = {}) => firing({ status: 'resolved', ...fields });
const standing = (fields: Partial<Standing> = {}): Standing => ({
  now: NOW,
  known: null,
  incident: null,
  silence: null,
  hasUnfinishedRun: false,
  maintenanceUntil: null,
  hasChannel: true,
  lookAgainMinutes: 15,
  ...fields,
});
const incident = (fields: Partial<NonNullable<Standing['incident']>> = {}) => ({
  id: 'i1',
  isOpen: true,
  severity: 'warning' as const,
  flaps: 0,
  othersFiring: 0,
  lastRunAt: ago(5),
  triedAt: null,
  ...fields,
});
const known = { isFiring: true, startsAt: ago(2), resolvedUpTo: null };
const silence = { until: ago(-30), severity: 'warning' as const, by: 'U0ANA' };

describe('a firing alert', () => {
  it.each([
    ['the first of its service', {}, {}, 'opened', 'first-alert'],
    ['while a run is on its way', {}, { hasUnfinishedRun: true, incident: incident() }, 'joined', null],
    ['the same again', {}, { known, incident: incident() }, 'joined', null],
    ['another one of the same service', { fingerprint: 'f2' }, { incident: incident() }, 'joined', null],
    ['graver than before', { severity: 'critical' }, { incident: incident() }, 'joined', 'severity-raised'],
    ['milder than before', { severity: 'info' }, { incident: incident() }, 'joined', null],
    [
      'graver while a run is on its way',
      { severity: 'critical' },
      { hasUnfinishedRun: true, incident: incident() },
      'joined',
      null,
    ],
    [
      '15 min after the last run',
      {},
      { known, incident: incident({ lastRunAt: ago(15) }) },
      'joined',
      'still-firing',
    ],
    [
      '15 min after the last run, where an hour is configured',
      {},
      { known, lookAgainMinutes: 60, incident: incident({ lastRunAt: ago(15) }) },
      'joined',
      null,
    ],
    [
      'after a change was tried',
      {},
      { known, incident: incident({ triedAt: ago(1) }) },
      'joined',
      'remediation-tried',
    ],
    [
      'after a change that was looked at',
      {},
      { known, incident: incident({ triedAt: ago(6) }) },
      'joined',
      null,
    ],
    [
      'the first in an incident of a person',
      {},
      { incident: incident({ severity: null }) },
      'joined',
      'first-alert',
    ],
    [
      'the first, and a person has just looked',
      {},
      { incident: incident({ severity: null, lastRunAt: ago(0.5) }) },
      'joined',
      null,
    ],
    ['again after it resolved', {}, { incident: incident({ isOpen: false }) }, 'reopened', 'first-alert'],
    ['again for the third time', {}, { incident: incident({ isOpen: false, flaps: 2 }) }, 'reopened', null],
    [
      'graver while it alternates',
      { severity: 'critical' },
      { incident: incident({ flaps: 4 }) },
      'joined',
      'severity-raised',
    ],
    [
      'silenced, though it is time to look again',
      {},
      { known, silence, incident: incident({ lastRunAt: ago(99) }) },
      'joined',
      null,
    ],
    ['silenced and fired again', {}, { silence, incident: incident({ isOpen: false }) }, 'reopened', null],
    ['in maintenance, without an incident', {}, { maintenanceUntil: ago(-60) }, 'held', null],
    [
      'in maintenance, with an incident',
      {},
      { maintenanceUntil: ago(-60), incident: incident() },
      'joined',
      null,
    ],
    [
      'in maintenance, soon after an incident',
      {},
      { maintenanceUntil: ago(-60), incident: incident({ isOpen: false }) },
      'held',
      null,
    ],
    ['without a channel', {}, { hasChannel: false }, 'held', null],
  ] as const)('%s', (_name, alert, given, where, run) => {
    const decision = decideRun(firing(alert), standing(given));
    expect(decision).toMatchObject({ incident: where, run, counts: true, resolves: false });
    expect(decision.because).not.toBe('');
  });

  it.each([
    ['as old as what was resolved', ago(2)],
    ['older than what was resolved', ago(1)],
  ])('is ignored when it is %s', (_name, resolvedUpTo) => {
    const decision = decideRun(firing(), standing({ known: { ...known, isFiring: false, resolvedUpTo } }));
    expect(decision).toMatchObject({ incident: 'none', counts: false, run: null });
    expect(decision.because).toContain('resolved already');
  });

  it('counts again when it began after what was resolved', () => {
    const before = { isFiring: false, startsAt: ago(20), resolvedUpTo: ago(20) };
    expect(decideRun(firing(), standing({ known: before }))).toMatchObject({ run: 'first-alert' });
  });

  it('ends a silence that was meant for something milder, and only then', () => {
    const given = standing({ silence, incident: incident() });
    expect(decideRun(firing({ severity: 'critical' }), given)).toMatchObject({
      endsSilence: true,
      run: 'severity-raised',
    });
    expect(decideRun(firing(), given)).toMatchObject({ endsSilence: false });
  });
});

describe('a resolved alert', () => {
  it.each([
    ['the last one', {}, { incident: incident() }, true, 'resolved'],
    ['while others fire', {}, { incident: incident({ othersFiring: 2 }) }, true, null],
    ['while a run is on its way', {}, { hasUnfinishedRun: true, incident: incident() }, true, null],
    ['of what alternates', {}, { incident: incident({ flaps: 3 }) }, true, null],
    ['that was held', {}, { incident: null }, true, null],
    ['that was not firing', {}, { known: { ...known, isFiring: false } }, false, null],
    ['that nobody knows', {}, { known: null }, false, null],
    ['of an earlier time', { startsAt: ago(30), endsAt: ago(20) }, { incident: incident() }, false, null],
    [
      'that began earlier and ends now',
      { startsAt: ago(30), endsAt: ago(0) },
      { incident: incident() },
      true,
      'resolved',
    ],
  ] as const)('%s', (_name, alert, given, resolves, run) => {
    const decision = decideRun(resolved(alert), standing({ known, ...given }));
    expect(decision).toMatchObject({ resolves, run, counts: false });
    expect(decision.because).not.toBe('');
  });
});

import { describe, expect, it } from 'vitest';
import type { Episode } from '../../../src/model/episode.js';
import { flappingNote } from '../../../src/slack/views/flapping-note.js';
import { headline } from '../../../src/slack/views/headline.js';
import { stormSummary } from '../../../src/slack/views/storm-summary.js';
import { unmatchedNote } from '../../../src/slack/views/unmatched-note.js';
import { run, runDocument } from '../../helpers/run-document.js';
import { problems } from './within-limits.js';

const INCIDENT = '0a9b8c7d-6e5f-4a3b-8c1d-0e9f8a7b6c5d';
const SINCE = '2026-11-22T02:46:00.000Z';
const END = '2026-11-22T03:00:00.000Z';
const HOSTILE = '<!channel> *x* `y` \u202e <https://evil|z>';

const episode = (fields: Partial<Episode> = {}): Episode => ({
  incidentId: INCIDENT,
  notices: 12,
  alerts: 3,
  firing: 2,
  since: SINCE,
  resolvedAt: null,
  until: null,
  flaps: 0,
  silence: null,
  helped: null,
  ...fields,
});
const resolved = (fields: Partial<Episode> = {}) =>
  episode({ firing: 0, resolvedAt: END, until: END, ...fields });
const silence = {
  ...{ id: INCIDENT, incidentId: INCIDENT, service: 'api-prod', by: 'U0ANA', since: SINCE },
  ...{ until: null, severity: 'warning' as const },
};
type Reason = NonNullable<ReturnType<typeof run>['origin']['alert']>['reason'];
const byAlert = (reason: Reason = 'first-alert', title = 'HighErrorRate') => ({
  ...{ kind: 'alert' as const, user: null, alert: { title, source: 'alertmanager', reason } },
});
const healthy = runDocument({ verdict: { ...runDocument().verdict, status: 'healthy', chain: [] } });

describe('the headline of an episode', () => {
  it.each([
    [
      'while it looks',
      run({ state: 'queued', origin: byAlert() }),
      episode(),
      'looking at *api-prod* (asked by alert HighErrorRate (alertmanager), 2 alerts firing (12 notices))',
    ],
    [
      'with its verdict',
      run({ origin: byAlert() }),
      episode({ notices: 1, alerts: 1, firing: 1, flaps: 2 }),
      '*api-prod* answers 503: database connections exhausted (confirmed), said by the app, 2.1 s, ' +
        'asked by alert HighErrorRate (alertmanager), 1 alert firing, fired again 2 times',
    ],
    [
      'asked by a person',
      run({ state: 'queued' }),
      episode(),
      'looking at *api-prod* (asked by <@U0ANA>, 2 alerts firing (12 notices))',
    ],
    [
      'silenced',
      run({ state: 'queued' }),
      episode({ silence }),
      'looking at *api-prod* (asked by <@U0ANA>, 2 alerts firing (12 notices), silenced by <@U0ANA> until it resolves)',
    ],
    [
      'resolved, before the closing look',
      run({ origin: byAlert() }),
      resolved(),
      '*api-prod* resolved after 14 min: ended by itself, 3 alerts (12 notices)',
    ],
    [
      'resolved, each said once',
      run({ origin: byAlert() }),
      resolved({ notices: 3 }),
      '*api-prod* resolved after 14 min: ended by itself, 3 alerts',
    ],
    [
      'resolved, and its alerts are those of a newer incident by now',
      run({ origin: byAlert() }),
      resolved({ alerts: 0 }),
      '*api-prod* resolved after 14 min: ended by itself, 12 notices',
    ],
    [
      'resolved, at the closing look',
      run({ state: 'running', document: null, origin: byAlert('resolved') }),
      resolved(),
      '*api-prod* resolved after 14 min: ended by itself, looking whether it is well, 3 alerts (12 notices)',
    ],
    [
      'resolved and well, by a change',
      run({ document: healthy, origin: byAlert('resolved') }),
      resolved({ helped: { label: 'End 61 idle sessions', by: 'U0BEN' } }),
      '*api-prod* resolved after 14 min: End 61 idle sessions by <@U0BEN> helped, healthy now, 3 alerts (12 notices)',
    ],
    [
      'resolved and not well',
      run({ origin: byAlert('resolved') }),
      resolved(),
      '*api-prod* resolved after 14 min: ended by itself, but it is not well: answers 503: database connections exhausted (confirmed), 3 alerts (12 notices)',
    ],
    [
      'asked about again after the end',
      run({ state: 'queued', requestedAt: '2026-11-22T03:00:01.000Z' }),
      resolved(),
      'looking at *api-prod* (asked by <@U0ANA>, 3 alerts (12 notices))',
    ],
  ])('%s', (_name, shown, given, text) => {
    expect(headline(shown, given).text).toBe(text);
  });

  const values = (given: Episode | null): string[] =>
    [...JSON.stringify(headline(run(), given)).matchAll(/"value":"([a-z0-9-]+) /g)].map(([, id]) => id!);

  it('has a menu that silences while alerts fire, and ends the silence', () => {
    expect(values(episode())).toEqual(['silence-1h', 'silence-4h', 'silence-resolved']);
    expect(values(episode({ silence }))).toEqual(['end-silence']);
    expect(values(resolved())).toEqual([]);
    expect(values(null)).toEqual([]);
  });

  it('shows what an outsider wrote as text', () => {
    const { text } = headline(run({ origin: byAlert('first-alert', HOSTILE) }), episode());
    expect(text).not.toMatch(/<!|<https|\u202e/);
  });
});

describe('what is said once', () => {
  const views = [
    flappingNote(
      'api-prod',
      {
        alerts: Array.from({ length: 9 }, () => ({ title: HOSTILE.repeat(20), source: 'grafana', count: 3 })),
        verdicts: [
          { status: 'cause-found', cause: 'dependency' },
          { status: 'healthy', cause: null },
          { status: 'cause-found', cause: 'dependency' },
        ],
        openedAt: SINCE,
      },
      END,
    ),
    stormSummary({
      beganAt: SINCE,
      services: Array.from({ length: 90 }, (_, index) => ({
        ...{ service: `s${index}-${'x'.repeat(58)}`, isOpen: index > 3, isLookedAt: index % 2 === 0 },
      })),
      shared: { name: 'postgres-main', count: 30, of: 45 },
    }),
    unmatchedNote(
      Array.from({ length: 500 }, (_, index) => ({
        ...{ source: 'generic', fingerprint: `f${index}`, title: HOSTILE.repeat(30), labels: {}, count: 1 },
        ...{ firstSeenAt: SINCE, lastSeenAt: END },
      })),
    ),
  ];

  it.each(views)('keeps to the limits and shows outsiders as text', (view) => {
    expect(problems(view)).toEqual([]);
    expect(view.text).not.toMatch(/<!channel|<https|\u202e/);
  });

  it('names what alternates', () => {
    expect(views[0]!.text).toContain('dependency (2 times), healthy (1 time)');
    expect(views[0]!.text).toContain('for 14 min by now');
  });

  it('says that it looks shared, by how many verdicts', () => {
    expect(views[1]!.text).toContain('30 of 45 verdicts name *postgres-main*');
    expect(views[1]!.text).toContain('45 of 90 looked at, 4 resolved');
  });
});

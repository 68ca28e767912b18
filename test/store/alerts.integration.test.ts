import { pagerduty } from '../../src/alerts/pagerduty.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Alert, AlertDelivery } from '../../src/model/alert.js';
import type { AlertPolicy } from '../../src/store/alert-standing.js';
import { type Database, openDatabase } from '../../src/store/database.js';
import type { RunningPostgres } from '../../src/store/embedded-postgres.js';
import { migrateDatabase } from '../../src/store/migrate.js';
import { createStore, type Store } from '../../src/store/store.js';
import { alert, delivery, policy } from '../helpers/alert.js';
import { plan } from '../helpers/plan.js';
import { runDocument } from '../helpers/run-document.js';
import { startTestPostgres } from '../servers/embedded.js';

let postgres: RunningPostgres;
let database: Database;
let store: Store;

beforeAll(async () => {
  postgres = await startTestPostgres();
  await migrateDatabase(postgres.url);
  database = openDatabase(postgres.url, { max: 50 }); // nobody waits for a connection: the locks are tested
  store = createStore(database);
});
afterAll(async () => {
  expect(await store.audit.verify()).toBeNull();
  await database.close();
  await postgres.stop();
});

let services = 0;
const freshService = (): string => `shop-${++services}`;
const at = (secondsAgo: number): string => new Date(Date.now() - secondsAgo * 1_000).toISOString();
const verdict = runDocument().verdict;
const healthy = () =>
  runDocument({ verdict: { ...verdict, status: 'healthy', cause: null, confidence: null, chain: [] } });

const take = async (given: AlertDelivery, fields: Partial<AlertPolicy> = {}) => {
  const [answer] = await store.alerts.accept([given], () => policy(fields));
  return answer!;
};
const accept = (service: string, alerts: Partial<Alert>[] = [{}], fields: Partial<AlertPolicy> = {}) =>
  take(delivery(service, alerts), fields);
const due = (fields: Partial<AlertPolicy> = {}) => store.alerts.due(() => policy(fields));
const resolve = (service: string, fields: Partial<Alert> = {}) =>
  accept(service, [{ status: 'resolved', ...fields }]);
/** Ends the run that is on its way. */
const look = async (service: string, document = runDocument(), offers = 0) => {
  const run = await store.runs.latest(service);
  await store.runs.start(run!.id);
  const made = Array.from({ length: offers }, () => ({ plan: plan(), approvalsNeeded: 0 }));
  await store.runs.finish(run!.id, { document, readings: [], offers: made });
  return run!;
};
const runsOf = (service: string) =>
  database.query('SELECT id, state, origin FROM diag503.run WHERE service = $1 ORDER BY requested_at', [
    service,
  ]);
const incidentsOf = (service: string) =>
  database.query('SELECT * FROM diag503.incident WHERE service = $1', [service]);
const messagesOf = async (service: string, kind: string) =>
  database.query(
    `SELECT m.* FROM diag503.message m JOIN diag503.incident i ON i.id = m.incident_id
     WHERE i.service = $1 AND m.kind = $2`,
    [service, kind],
  );
const age = async (service: string, minutes: number) => {
  for (const [table, column] of [
    ['run', 'requested_at'],
    ['incident', 'opened_at'],
    ['incident', 'closed_at'],
    ['incident', 'alerted_at'],
    ['incident', 'unprompted_at'],
    ['alert', 'last_seen_at'],
  ])
    await database.query(
      `UPDATE diag503.${table!} SET ${column!} = ${column!} - make_interval(mins => $2) WHERE service = $1`,
      [service, minutes],
    );
};
const episodeOf = async (service: string) => {
  const [incident] = await incidentsOf(service);
  return (await store.alerts.episode(String(incident!['id'])))!;
};

describe('a delivery', () => {
  it('is taken once of 50 at the same moment', async () => {
    const service = freshService();
    const same = delivery(service);
    const answers = await Promise.all(Array.from({ length: 50 }, () => take(same)));
    expect(answers.filter(({ accepted }) => !accepted.repeated)).toHaveLength(1);
    expect(await incidentsOf(service)).toHaveLength(1);
    expect(await runsOf(service)).toHaveLength(1);
    expect(await episodeOf(service)).toMatchObject({ notices: 1, firing: 1 });
  });

  it('of two replicas and of many alerts makes one incident and one run', async () => {
    const service = freshService();
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, index) => accept(service, [{ fingerprint: `f${index % 8}` }])),
    );
    const alerts = answers.flatMap(({ accepted }) => accepted.alerts);
    expect(new Set(alerts.map(({ incidentId }) => incidentId)).size).toBe(1);
    expect(alerts.filter(({ newRun }) => newRun)).toHaveLength(1);
    expect(await runsOf(service)).toHaveLength(1);
    expect(await messagesOf(service, 'headline')).toHaveLength(1);
    expect(await episodeOf(service)).toMatchObject({ notices: 16, firing: 8 });
  });

  it('about several services at once does not wait in a circle', async () => {
    const [one, two] = [freshService(), freshService()];
    const both = (order: string[], key: string) => ({
      ...{ source: 'alertmanager' as const, key, unmatched: [] },
      matched: order.map((service) => ({ ...alert(), service })),
    });
    await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        take(both(index % 2 ? [one, two] : [two, one], `both-${index}`)),
      ),
    );
    expect(await runsOf(one)).toHaveLength(1);
    expect(await runsOf(two)).toHaveLength(1);
  });

  it('that is twice among those taken together counts once', async () => {
    const service = freshService();
    const same = delivery(service);
    const answers = await store.alerts.accept([same, delivery(service), same], () => policy());
    expect(answers.map(({ accepted }) => accepted.repeated)).toEqual([false, false, true]);
    expect(await episodeOf(service)).toMatchObject({ notices: 2 });
    expect(await runsOf(service)).toHaveLength(1);
  });

  it('asks for a post only where none is on its way', async () => {
    const service = freshService();
    const [first, second] = [await accept(service), await accept(service)];
    expect(first.messages).toHaveLength(1);
    expect(second.messages).toEqual([]); // the first one's job will show it
    const [{ id, revision }] = (await messagesOf(service, 'headline')) as [{ id: string; revision: number }];
    await store.messages.markPosted(id, { revision, channel: 'C0OPS', ts: '1.1' });
    expect((await accept(service)).messages).toEqual([{ id, revision: revision + 1 }]);
  });
});

describe('an episode', () => {
  it('shares the incident of a person', async () => {
    const service = freshService();
    const { incident, run } = await store.runs.accept({
      ...{ service, channel: 'C0OPS', origin: { kind: 'slash', user: 'U0ANA' } },
    });
    const { accepted } = await accept(service);
    expect(accepted.alerts).toMatchObject([{ incidentId: incident.id, newRun: false }]);
    await look(service);
    const joined = await store.runs.accept({
      ...{ service, channel: 'C0OPS', origin: { kind: 'slash', user: 'U0BEN' } },
    });
    expect(joined.incident.id).toBe(incident.id);
    expect(joined.run.id).not.toBe(run.id);
  });

  it('gets another run when the severity rises, and not again for the same', async () => {
    const service = freshService();
    await accept(service);
    await look(service);
    const raised = await accept(service, [{ severity: 'critical' }]);
    expect(raised.accepted.alerts).toMatchObject([{ newRun: true }]);
    await look(service);
    expect((await accept(service, [{ severity: 'critical' }])).runs).toEqual([]);
  });

  it('is looked at again when it still fires, and edits its card when nothing is new', async () => {
    const service = freshService();
    await accept(service);
    await look(service, runDocument(), 1);
    await age(service, 16);
    expect((await accept(service)).runs).toHaveLength(1);
    const again = await look(service);
    const cards = await messagesOf(service, 'verdict');
    expect(cards).toMatchObject([{ run_id: again.id, revision: expect.any(Number) as number }]);
    await age(service, 16);
    await accept(service);
    await look(service, healthy());
    expect(await messagesOf(service, 'verdict')).toHaveLength(2);
    expect(await incidentsOf(service)).toMatchObject([{ closed_at: null }]); // it still fires
  });

  it('is looked at once more when no alert says so, and then left alone', async () => {
    const service = freshService();
    await accept(service);
    await look(service);
    await age(service, 14);
    const mine = async () => (await due()).runs.filter((run) => run.service === service);
    expect(await mine()).toEqual([]);
    await age(service, 2);
    expect(await mine()).toMatchObject([{ origin: { kind: 'alert', alert: { reason: 'still-firing' } } }]);
    await look(service);
    await age(service, 16);
    expect(await mine()).toEqual([]);
    await accept(service); // now it has been heard of
    await look(service);
    await age(service, 16);
    expect(await mine()).toHaveLength(1);
  });

  it('ignores what is late', async () => {
    const service = freshService();
    const startsAt = at(300);
    await accept(service, [{ startsAt }]);
    await look(service);
    await resolve(service, { startsAt });
    await look(service, healthy());
    const late = await accept(service, [{ startsAt }]);
    expect(late).toMatchObject({
      runs: [],
      accepted: { alerts: [{ incidentId: '', because: expect.stringContaining('late') as string }] },
    });
    expect(await episodeOf(service)).toMatchObject({ firing: 0, notices: 1, flaps: 0 });
    expect(await incidentsOf(service)).toHaveLength(1);
  });

  it('ignores a firing that arrives after its own end', async () => {
    const service = freshService();
    const startsAt = at(300);
    await resolve(service, { startsAt });
    await accept(service, [{ startsAt }]);
    expect(await incidentsOf(service)).toEqual([]);
  });
});

describe('the end', () => {
  it('comes with the last alert: closed, buttons withdrawn, confirmed by a run', async () => {
    const service = freshService();
    await accept(service, [{ startsAt: at(840) }, { fingerprint: 'f2', startsAt: at(600) }]);
    const { id } = await look(service, runDocument(), 2);
    expect((await resolve(service)).runs).toEqual([]);
    const { runs } = await resolve(service, { fingerprint: 'f2' });
    expect(runs).toMatchObject([{ origin: { alert: { reason: 'resolved' } } }]);
    const states = (await store.remediations.ofRun(id)).map(({ state }) => state);
    expect(states).toEqual(['expired', 'expired']);
    const [incident] = await incidentsOf(service);
    expect(incident!['closed_at']).not.toBeNull();
    const { since, resolvedAt, helped } = await episodeOf(service);
    expect(Math.round((Date.parse(resolvedAt!) - Date.parse(since!)) / 60_000)).toBe(14);
    expect(helped).toBeNull();
    await look(service, healthy());
    expect(await messagesOf(service, 'verdict')).toHaveLength(1); // the headline says it
  });

  it('is doubted in the thread when the service is not well', async () => {
    const service = freshService();
    await accept(service);
    await look(service);
    await resolve(service);
    await look(service);
    expect(await messagesOf(service, 'verdict')).toHaveLength(2);
    expect(await incidentsOf(service)).toMatchObject([{ closed_at: null }]);
  });

  it('is confirmed after the look that was under way', async () => {
    const service = freshService();
    await accept(service);
    expect((await resolve(service)).runs).toEqual([]);
    await look(service);
    expect((await due()).runs).toMatchObject([{ service, origin: { alert: { reason: 'resolved' } } }]);
    await look(service, healthy());
    expect((await due()).runs.filter((run) => run.service === service)).toEqual([]);
  });

  it('names the change that helped and who made it', async () => {
    const service = freshService();
    await accept(service);
    const run = await look(service, runDocument(), 1);
    const [offer] = await store.remediations.ofRun(run.id);
    await database.query(
      `UPDATE diag503.remediation SET state = 'verified', requested_by = 'U0ANA', started_at = clock_timestamp()
       WHERE id = $1`,
      [offer!.id],
    );
    await resolve(service);
    expect((await episodeOf(service)).helped).toEqual({ label: plan().label, by: 'U0ANA' });
  });
});

describe('flapping', () => {
  it('stays in one thread, is told of once, and is then only counted', async () => {
    const service = freshService();
    await accept(service, [{ startsAt: at(1_000) }]);
    await look(service);
    const newRuns: boolean[] = [];
    for (let flap = 1; flap <= 5; flap += 1) {
      await resolve(service, { startsAt: at(1_000 - flap * 10 + 10) });
      if ((await store.runs.latest(service))?.state === 'queued') await look(service, healthy());
      const { runs } = await accept(service, [{ startsAt: at(1_000 - flap * 10) }]);
      newRuns.push(runs.length > 0);
      if (runs.length > 0) await look(service);
    }
    expect(newRuns).toEqual([true, true, false, false, false]);
    expect(await incidentsOf(service)).toMatchObject([{ flaps: 5, closed_at: null }]);
    expect(await messagesOf(service, 'headline')).toHaveLength(1);
    expect(await messagesOf(service, 'flapping')).toHaveLength(1);
    const [incident] = await incidentsOf(service);
    expect(await store.alerts.alternating(String(incident!['id']))).toMatchObject({
      alerts: [{ title: 'HighErrorRate', count: 6 }],
    });
  });

  it('comes again from a PagerDuty incident that somebody reopened', async () => {
    const service = freshService();
    const began = Date.now() - 600_000;
    const at = (minutes: number): string => new Date(began + minutes * 60_000).toISOString();
    const event = (type: string, minutes: number, data: object = {}) => {
      const incident = { ...{ id: 'P1', title: 'shop answers 503', created_at: at(0) }, ...data };
      const { alerts } = pagerduty.read(
        {
          event: {
            ...{ id: `E${type}`, event_type: `incident.${type}`, resource_type: 'incident' },
            ...{ occurred_at: at(minutes), data: { ...incident, service: { id: 'PS', summary: service } } },
          },
        },
        { now: () => Date.now() },
      );
      return accept(service, alerts);
    };
    await event('triggered', 0);
    await event('resolved', 3);
    expect(await episodeOf(service)).toMatchObject({ firing: 0 });
    await event('reopened', 5, { reopened_at: at(5) });
    expect(await episodeOf(service)).toMatchObject({ firing: 1 });
    await event('resolved', 8, { reopened_at: at(5) });
    expect(await episodeOf(service)).toMatchObject({ firing: 0 });
  });

  it('is another episode after half an hour', async () => {
    const service = freshService();
    await accept(service, [{ startsAt: at(300) }]);
    await look(service);
    await resolve(service, { startsAt: at(300) });
    await look(service, healthy());
    await age(service, 31);
    await accept(service, [{ startsAt: at(10) }]);
    expect(await incidentsOf(service)).toHaveLength(2);
  });
});

describe('a silence', () => {
  const silenced = async (length: '1h' | 'resolved' = '1h') => {
    const service = freshService();
    await accept(service);
    await look(service);
    const [incident] = await incidentsOf(service);
    const id = String(incident!['id']);
    await store.silences.begin(id, 'U0ANA', length);
    return { service, id };
  };
  const mine = async (service: string) =>
    (await store.silences.all()).filter((each) => each.service === service);
  const events = async (service: string) =>
    (await store.audit.after(0)).filter((row) => row.service === service).map(({ event }) => event);

  it('keeps runs away, also when it fires again, and is in the audit', async () => {
    const { service } = await silenced();
    await age(service, 20);
    expect((await accept(service)).runs).toEqual([]);
    expect((await due()).runs.filter((run) => run.service === service)).toEqual([]);
    await resolve(service);
    await look(service, healthy());
    await age(service, 45);
    expect((await accept(service, [{ startsAt: at(1) }])).runs).toEqual([]);
    expect(await incidentsOf(service)).toHaveLength(1);
    expect(await mine(service)).toMatchObject([{ by: 'U0ANA', severity: 'warning' }]);
    expect(await events(service)).toEqual(['silenced']);
  });

  it('ends early when the severity rises', async () => {
    const { service } = await silenced();
    expect((await accept(service, [{ severity: 'critical' }])).runs).toHaveLength(1);
    expect(await mine(service)).toEqual([]);
    expect(await events(service)).toEqual(['silenced', 'silence-ended']);
  });

  it('until resolved ends with the last alert', async () => {
    const { service } = await silenced('resolved');
    expect(await mine(service)).toMatchObject([{ until: null }]);
    await resolve(service);
    expect(await mine(service)).toEqual([]);
  });

  it('is over after its time, or by hand, and is replaced by the next', async () => {
    const { service, id } = await silenced();
    await store.silences.begin(id, 'U0BEN', 'resolved');
    expect(await mine(service)).toMatchObject([{ by: 'U0BEN' }]);
    await database.query(`UPDATE diag503.silence SET until = clock_timestamp() WHERE service = $1`, [
      service,
    ]);
    expect(await mine(service)).toEqual([]);
    await store.silences.begin(id, 'U0BEN', '4h');
    expect(await store.silences.end(id, 'U0ANA')).not.toBeNull();
    expect(await store.silences.end(id, 'U0ANA')).toBeNull();
  });
});

describe('maintenance', () => {
  it('holds an alert without a thread, and looks when it is over and it still fires', async () => {
    const service = freshService();
    const during = { maintenanceUntil: at(-600) };
    const { accepted } = await accept(service, [{}], during);
    expect(accepted.alerts).toMatchObject([{ incidentId: '', newRun: false }]);
    expect(await incidentsOf(service)).toEqual([]);
    const mine = async (fields: Partial<AlertPolicy>) =>
      (await due(fields)).runs.filter((run) => run.service === service);
    expect(await mine(during)).toEqual([]);
    expect(await mine({})).toHaveLength(1);
    expect(await episodeOf(service)).toMatchObject({ firing: 1, notices: 1 });
  });

  it('says nothing of what is over when it ends', async () => {
    const service = freshService();
    await accept(service, [{}], { maintenanceUntil: at(-600) });
    await resolve(service);
    expect((await due()).runs.filter((run) => run.service === service)).toEqual([]);
  });
});

describe('what matches nothing', () => {
  it('is counted, and only the newest is kept', async () => {
    const of = (fingerprint: string) => ({ ...delivery('x', []), unmatched: [alert({ fingerprint })] });
    for (let index = 0; index < 510; index += 1) await take(of(`u${index}`));
    await take(of('u509'));
    await due();
    const list = await store.alerts.unmatched();
    expect(list).toHaveLength(500);
    expect(list[0]).toMatchObject({ fingerprint: 'u509', count: 2, title: 'HighErrorRate' });
  });

  it('is told once a day', async () => {
    expect(await store.alerts.tellUnmatched('#ops')).toHaveLength(1);
    expect(await store.alerts.tellUnmatched('#ops')).toEqual([]);
  });
});

it('a time far ahead of a resolved alert does not keep later ones out', async () => {
  const service = freshService();
  const ahead = '2099-01-01T00:00:00.000Z';
  await accept(service, [{ startsAt: ahead }]);
  await resolve(service, { startsAt: ahead, endsAt: ahead });
  const { accepted } = await accept(service, [{ startsAt: new Date(Date.now() + 1_000).toISOString() }]);
  expect(accepted.alerts[0]?.because).not.toContain('it is late');
  expect(await episodeOf(service)).toMatchObject({ firing: 1, flaps: 1 });
});

describe('explain', () => {
  it('says what accept then does, and changes nothing', async () => {
    const service = freshService();
    const given = { ...alert(), service };
    expect(await store.alerts.explain(given, policy())).toEqual({
      ...{ incident: 'opened', run: 'first-alert', because: 'first alert of the episode', incidentId: null },
    });
    expect(await incidentsOf(service)).toEqual([]);
    const { accepted } = await accept(service);
    const explained = await store.alerts.explain(given, policy());
    expect(explained).toMatchObject({ incidentId: accepted.alerts[0]!.incidentId, run: null });
    expect((await accept(service)).accepted.alerts).toMatchObject([{ because: explained.because }]);
  });
});

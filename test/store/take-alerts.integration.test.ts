import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Alert, AlertDelivery } from '../../src/model/alert.js';
import { type Database, openDatabase } from '../../src/store/database.js';
import type { RunningPostgres } from '../../src/store/embedded-postgres.js';
import { migrateDatabase } from '../../src/store/migrate.js';
import { createStore, type Store } from '../../src/store/store.js';
import { randomOf } from '../faults/random.js';
import { delivery, policy } from '../helpers/alert.js';
import { runDocument } from '../helpers/run-document.js';
import { startTestPostgres } from '../servers/embedded.js';

let postgres: RunningPostgres;
let database: Database;
let store: Store;

beforeAll(async () => {
  postgres = await startTestPostgres();
  await migrateDatabase(postgres.url);
  database = openDatabase(postgres.url);
  store = createStore(database);
});
afterAll(async () => {
  await database.close();
  await postgres.stop();
});

const BEGAN = Date.now() - 3_600_000;
const minute = (index: number): string => new Date(BEGAN + index * 60_000).toISOString();

/** Alerts of a service as they might come: few troubles, so that the same one comes again, resolves, and is late. */
function alertsOf(seed: number): Partial<Alert>[] {
  const random = randomOf(seed);
  return Array.from({ length: 24 }, (_, index) => ({
    fingerprint: `f${random.int(4)}`,
    status: random.next() < 0.7 ? ('firing' as const) : ('resolved' as const),
    severity: random.pick(['info', 'warning', 'critical']),
    startsAt: minute(random.int(4)),
    endsAt: random.next() < 0.5 ? null : minute(random.int(6)),
    title: `trouble ${index}`,
    labels: { index: String(index) },
    link: random.next() < 0.5 ? null : `https://example.com/${index}`,
  }));
}

/** What an outsider can see of a service, without ids and times of ours. */
async function stateOf(service: string): Promise<unknown> {
  return {
    alerts: await database.query(
      `SELECT source, fingerprint, state, title, severity, starts_at, resolved_up_to, labels, link, count,
         incident_id IS NULL AS held
       FROM diag503.alert WHERE service = $1 ORDER BY fingerprint`,
      [service],
    ),
    incidents: await database.query(
      `SELECT alert_count, severity, alerts_since, alerted_at IS NULL AS "isQuiet", flaps, closing_due,
         closed_at IS NULL AS "isOpen", resolved_at IS NULL AS "isUnresolved",
         (SELECT count(*)::int FROM diag503.silence s WHERE s.incident_id = i.id AND s.ended_at IS NULL) AS silences
       FROM diag503.incident i WHERE service = $1 ORDER BY opened_at`,
      [service],
    ),
    runs: await database.query(
      `SELECT state, origin->'alert'->>'reason' AS reason FROM diag503.run WHERE service = $1 ORDER BY requested_at`,
      [service],
    ),
  };
}

/** Before the alerts: nothing, a look that waits, one that is through, and an incident that somebody has silenced. */
async function begin(service: string, kind: number): Promise<void> {
  if (kind === 0) return;
  await store.alerts.accept([delivery(service, [{ startsAt: minute(0) }])], () => policy());
  if (kind === 1) return;
  const run = await store.runs.latest(service);
  await store.runs.start(run?.id ?? '');
  await store.runs.finish(run?.id ?? '', { document: runDocument(), readings: [] });
  if (kind === 2) return;
  await store.silences.begin(run?.incidentId ?? '', 'U0ANA', 'resolved');
}

const SEEDS = Array.from({ length: 60 }, (_, seed) => seed);

it.each(SEEDS)('alerts that come together end as the same ones one by one (seed %i)', async (seed) => {
  const [alone, together] = [`alone-${seed}`, `together-${seed}`];
  const alerts = alertsOf(seed);
  const fields = { maintenanceUntil: seed % 7 === 6 ? minute(1_000) : null };
  for (const service of [alone, together]) await begin(service, seed % 4);

  const oneByOne: string[] = [];
  for (const each of alerts) {
    const [answer] = await store.alerts.accept([delivery(alone, [each])], () => policy(fields));
    oneByOne.push(...(answer?.accepted.alerts ?? []).map(({ because }) => because));
  }
  const size = 1 + (seed % 5);
  const deliveries = Array.from({ length: Math.ceil(alerts.length / size) }, (_, index): AlertDelivery => {
    // Other services stand between them, as in a storm.
    const [mine, other] = [
      delivery(together, alerts.slice(index * size, (index + 1) * size)),
      delivery(`beside-${seed}`, alertsOf(seed + index)),
    ];
    return { ...mine, matched: [...mine.matched, ...other.matched] };
  });
  const answers = await store.alerts.accept(deliveries, () => policy(fields));
  const batched = answers
    .flatMap(({ accepted }) => accepted.alerts)
    .filter(({ service }) => service === together)
    .map(({ because }) => because);

  expect(batched).toEqual(oneByOne);
  expect(await stateOf(together)).toEqual(await stateOf(alone));
});

it('a group of 2000 alerts is stored well before its sender gives up', async () => {
  const alerts = Array.from({ length: 2_000 }, (_, index) => ({ fingerprint: `f${index}` }));
  const began = Date.now();
  const [answer] = await store.alerts.accept([delivery('crowd', alerts)], () => policy());
  const tookMs = Date.now() - began;
  expect(answer?.accepted.alerts).toHaveLength(2_000);
  expect(answer?.runs).toHaveLength(1);
  expect(tookMs).toBeLessThan(4_000);
  const [incident] = await database.query(
    `SELECT alert_count AS count FROM diag503.incident WHERE service = 'crowd'`,
  );
  expect(incident).toEqual({ count: 2_000 });
});

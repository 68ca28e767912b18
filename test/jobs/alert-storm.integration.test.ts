import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningWorker, startWorker } from '../../jobs/worker.js';
import { createAlertIntake } from '../../src/queue/alert-intake.js';
import { createRequestRun } from '../../src/queue/request-run.js';
import type { Poster } from '../../src/slack/poster.js';
import type { Store } from '../../src/store/store.js';
import { delivery } from '../helpers/alert.js';
import { type Backbone, openTestBackbone } from '../helpers/backbone.js';
import { fakePoster } from '../helpers/fake-poster.js';
import { runDocument } from '../helpers/run-document.js';
import { inventoryOf, service } from '../helpers/service.js';
import { until } from '../helpers/until.js';

const SERVICES = Array.from({ length: 20 }, (_, index) => `s${index}`);
const DELIVERIES = Number(process.env['DIAG503_TEST_STORM'] ?? 1_000);
const SENDERS = 40;
/** Of a loaded machine; the measured time is printed. */
const WITHIN_MS = 240_000;
const LOOK_MS = 1_500;
const PERSON_WAITS_MS = 5_000;

/** As the real one paces its edits. */
const oneEditASecond = (store: Store): Poster => ({
  post: async (id) => {
    const message = await store.messages.get(id);
    const at = message?.lastPostedAt ?? null;
    const wait = at === null ? 0 : Date.parse(at) + 1_000 - Date.now();
    if (wait > 0) return { done: false, retryAfterMs: wait, reason: 'one edit a second' };
    return fakePoster(store, () => undefined).post(id);
  },
});

let backbone: Backbone;
let worker: RunningWorker;
beforeAll(async () => {
  backbone = await openTestBackbone('PostgreSQL');
});
afterAll(async () => {
  await worker.close(2_000);
  await backbone.close();
});

it(
  `${DELIVERIES} deliveries about ${SERVICES.length} services make one run each, and a person is served meanwhile`,
  { timeout: WITHIN_MS + 60_000 },
  async () => {
    const { settings, store, queues, database } = backbone;
    const inventory = inventoryOf(...[...SERVICES, 'mine'].map((name) => service(name, { channel: '#ops' })));
    const started = new Map<string, number>();
    worker = startWorker({
      ...{ settings, store, queues, inventory, logger: pino({ level: 'silent' }) },
      diagnose: async ({ name }) => {
        started.set(name, performance.now());
        await sleep(LOOK_MS);
        return { document: runDocument(), readings: [] };
      },
      poster: oneEditASecond(store),
    });
    const intake = createAlertIntake({ store, queues, inventory, settings: { lookAgainMinutes: 15 } });
    const requestRun = createRequestRun({ store, queues });

    const began = performance.now();
    const before = process.memoryUsage().heapUsed;
    const used = process.cpuUsage();
    let sent = 0;
    const send = async (): Promise<void> => {
      for (let next = sent++; next < DELIVERIES; next = sent++) {
        const name = SERVICES[next % SERVICES.length]!;
        await intake(delivery(name, [{ fingerprint: `f${next % 200}` }]));
      }
    };
    const senders = Array.from({ length: SENDERS }, send);
    await until('alerts are looked at', () => started.size >= 3, 30_000);
    const asked = performance.now();
    const mine = { service: service('mine', { channel: '#ops' }), channel: '#ops' };
    await requestRun({ ...mine, origin: { kind: 'slash', user: 'U0ANA' } });
    await until('the person is served', () => started.has('mine'), 30_000);
    const waited = started.get('mine')! - asked;
    await Promise.all(senders);
    const took = performance.now() - began;
    const grown = (process.memoryUsage().heapUsed - before) / 1_048_576;
    console.log(
      `${DELIVERIES} deliveries in ${Math.round(took)} ms, heap ${Math.round(grown)} MB more; CPU ${Math.round((process.cpuUsage(used).user + process.cpuUsage(used).system) / 1_000)} ms; a person waited ${Math.round(waited)} ms`,
    );

    expect(waited).toBeLessThan(PERSON_WAITS_MS);
    expect(took).toBeLessThan(WITHIN_MS);
    const runs = await database.query(
      `SELECT service, count(*)::int AS runs FROM diag503.run WHERE service <> 'mine' GROUP BY service`,
    );
    expect(runs).toHaveLength(SERVICES.length);
    expect(runs.every((row) => row['runs'] === 1)).toBe(true);
    const [counted] = await database.query(
      `SELECT sum(alert_count)::int AS alerts, count(*)::int AS incidents FROM diag503.incident WHERE service <> 'mine'`,
    );
    expect(counted).toEqual({ alerts: DELIVERIES, incidents: SERVICES.length });
    await until(
      'one message tells of the storm',
      async () => (await database.query(`SELECT FROM diag503.message WHERE kind = 'storm'`)).length === 1,
      30_000,
    );
  },
);

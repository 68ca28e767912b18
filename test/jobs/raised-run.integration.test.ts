import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterEach, expect, it } from 'vitest';
import { type RunningWorker, startWorker } from '../../jobs/worker.js';
import { createAlertIntake } from '../../src/queue/alert-intake.js';
import { queueBackend } from '../../src/queue/backend.js';
import { PRIORITIES } from '../../src/queue/queues.js';
import { createRequestRun } from '../../src/queue/request-run.js';
import { delivery } from '../helpers/alert.js';
import { type Backbone, onBothBackends, openTestBackbone } from '../helpers/backbone.js';
import { fakePoster } from '../helpers/fake-poster.js';
import { runDocument } from '../helpers/run-document.js';
import { inventoryOf, service } from '../helpers/service.js';
import { until } from '../helpers/until.js';

/** As many looks as alerts want, one after the other: one of the two places is for people. */
const NAMES = Array.from({ length: 8 }, (_, index) => `s${index}`);
const LAST = 's7';
const LOOK_MS = 2_000;

let backbone: Backbone;
let worker: RunningWorker | null = null;
afterEach(async () => {
  await worker?.close(4_000);
  worker = null;
  await backbone.close();
});

/** An alert of each service is accepted; `started` are the services whose look has begun, in that order. */
async function openWithAlerts(kind: Parameters<typeof openTestBackbone>[0]) {
  backbone = await openTestBackbone(kind);
  const { settings, store, queues } = backbone;
  const inventory = inventoryOf(...NAMES.map((name) => service(name, { channel: '#ops' })));
  const started: string[] = [];
  const intake = createAlertIntake({ store, queues, inventory, settings: { lookAgainMinutes: 15 } });
  for (const name of NAMES) await intake(delivery(name));
  const work = (): void => {
    worker = startWorker({
      ...{ settings, store, queues, inventory, concurrency: 2, logger: pino({ level: 'silent' }) },
      poster: fakePoster(store, () => undefined),
      diagnose: async ({ name }) => {
        started.push(name);
        await sleep(LOOK_MS);
        return { document: runDocument(), readings: [] };
      },
    });
  };
  const ask = () =>
    createRequestRun(backbone)({
      ...{ service: service(LAST, { channel: '#ops' }), channel: '#ops' },
      origin: { kind: 'slash', user: 'U0ANA' },
    });
  return { started, work, ask };
}

onBothBackends('a run that an alert has queued and a person asks for', (kind) => {
  it('goes before the others that wait', async () => {
    const { started, work, ask } = await openWithAlerts(kind);
    const { kind: answer, run } = await ask();
    expect(answer).toBe('joined');
    const queue = queueBackend(backbone.settings).openQueue('diagnose');
    await until('it is raised', async () => (await queue.getJob(run.id))?.priority === PRIORITIES.person);
    await queue.close();
    work();
    await until('two have begun', () => started.length >= 2);
    expect(started.slice(0, 2)).toContain(LAST);
  });

  it('takes the place that is kept for people, though the places of alerts are taken', async () => {
    const { started, work, ask } = await openWithAlerts(kind);
    work();
    await until('an alert is looked at', () => started.length > 0);
    await sleep(LOOK_MS / 4); // the others have asked for a place in vain, and wait
    const asked = performance.now();
    await ask();
    await until('the run of the person has begun', () => started.includes(LAST));
    // In its own turn it would be the last of eight.
    expect(performance.now() - asked).toBeLessThan(2 * LOOK_MS);
    expect(started.length).toBeLessThan(NAMES.length / 2);
  });
});

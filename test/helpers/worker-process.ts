/** A worker as its own process, to be killed by a test: what it starts and posts goes to a file, a line each. */
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { startWorker } from '../../jobs/worker.js';
import { openQueues, type QueueSettings } from '../../src/queue/queues.js';
import { openDatabase } from '../../src/store/database.js';
import { createStore } from '../../src/store/store.js';
import { fakePoster } from './fake-poster.js';
import { runDocument } from './run-document.js';
import { inventoryOf, service } from './service.js';

export type WorkerProcess = { settings: QueueSettings; file: string; services: string[]; runMs: number };

const [json = ''] = process.argv.slice(2);
const { settings, file, services, runMs } = JSON.parse(json) as WorkerProcess;
const say = (what: string): void => appendFileSync(file, `${process.pid} ${what}\n`);

const store = createStore(openDatabase(settings.databaseUrl));
startWorker({
  settings,
  store,
  queues: openQueues(settings),
  inventory: inventoryOf(...services.map((name) => service(name))),
  diagnose: async (_service, { signal }) => {
    say('started');
    await sleep(runMs, undefined, { signal });
    return { document: runDocument(), readings: [] };
  },
  poster: fakePoster(store, ({ kind, id }) => say(`posted ${kind} ${id}`)),
  logger: pino({ level: 'silent' }),
});
say('ready');

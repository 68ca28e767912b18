import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { diagnoseJob } from '../../jobs/diagnose.js';
import { remediateJob } from '../../jobs/remediate.js';
import type { RemediateNeeds } from '../../jobs/remediate-needs.js';
import { sweepJob } from '../../jobs/sweep.js';
import { createConnector } from '../../src/clients/connector.js';
import { workerNetwork } from '../../src/clients/worker-network.js';
import { createDiagnose } from '../../src/diagnosis/diagnose.js';
import type { Plan } from '../../src/model/plan.js';
import { RemediationRule } from '../../src/model/service.js';
import type { RemediatePayload } from '../../src/queue/payloads.js';
import { remediateDigest } from '../../src/queue/remediate-digest.js';
import { createRequestRemediation } from '../../src/queue/request-remediation.js';
import { serviceDigest } from '../../src/remediations/define-remediation.js';
import { openDatabase } from '../../src/store/database.js';
import { createStore } from '../../src/store/store.js';
import { reading } from '../builders/readings.js';
import { answer } from '../diagnosis/situation.js';
import { type Backbone, openTestBackbone } from './backbone.js';
import { plan as planOf } from './plan.js';
import { runDocument } from './run-document.js';
import { inventoryOf, service as serviceOf } from './service.js';

const digest = remediateDigest('xoxb-the-token');
const logger = pino({ level: 'silent' });
export const connector = createConnector({ hosts: new Map() });

export type ChangeGround = Awaited<ReturnType<typeof openChangeGround>>;

/**
 * A store and a service of its own for each change of the operator's, whose effects can be counted in `folder`. `through`
 * gives the way on which the product reaches the database; the test itself goes the straight one.
 */
export async function openChangeGround(
  through: (url: string) => Promise<string> = (url) => Promise.resolve(url),
) {
  const backbone: Backbone = await openTestBackbone('PostgreSQL');
  const { queues } = backbone;
  const database = openDatabase(await through(backbone.postgres.url));
  const store = createStore(database);
  /** `refuses`: which of the requests from now on, beginning with the first. */
  const is: { healthy: boolean; refuses: number[] } = { healthy: true, refuses: [] };
  let requests = 0;
  const health: Server = createServer((_request, response) => {
    requests += 1;
    response.writeHead(is.healthy && !is.refuses.includes(requests) ? 200 : 503).end();
  });
  await new Promise<void>((resolve) => health.listen(0, '127.0.0.1', resolve));
  const address = health.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  let folder = '';
  let services = 0;
  const get = async (id: string) => (await store.remediations.get(id))!;

  /** Offered below a verdict; `ask` presses its button as a person does, `jobs` is what the bot then queues. */
  async function offered(
    fields: { script?: string; secrets?: string[]; usersGot?: number[]; hosts?: string[] } = {},
  ) {
    const argv = ['/bin/sh', '-c', fields.script ?? 'printf x >>"$0"', path.join(folder, 'effects')];
    const rule = RemediationRule.parse({
      ...{ allow: ['a'], command: argv, effect: 'E', title: 'T', causes: ['overload'] },
      ...{ coolDownMinutes: 0, perDay: 9 },
    });
    const url = `http://127.0.0.1:${port}/`;
    const service = serviceOf(`api-${++services}`, {
      ...{ health: url, url, hosts: fields.hosts ?? ['local'], remediations: { 'run-command': rule } },
    });
    const plan: Plan = planOf({
      remediation: 'run-command',
      steps: [{ kind: 'command', host: 'local', argv, asRoot: false, expect: null }],
      fingerprint: {},
      serviceDigest: serviceDigest(service),
    });
    const by = { channel: 'C0', origin: { kind: 'slash', user: 'U0ANA' } } as const;
    const { run } = await store.runs.accept({ service: service.name, ...by });
    await store.runs.start(run.id);
    const offers = [{ plan, approvalsNeeded: 0 }];
    const answers = (fields.usersGot ?? []).map((status) => answer(status));
    const target = { kind: 'service', name: service.name } as const;
    const readings = answers.length === 0 ? [] : [reading('publicAnswer', { answers }, target)];
    await store.runs.finish(run.id, { document: runDocument(), readings, offers });
    const [remediation] = await store.remediations.ofRun(run.id);
    const inventory = { ...inventoryOf(service), secrets: fields.secrets ?? [] };
    const jobs: RemediatePayload[] = [];
    const recording = {
      ...queues,
      enqueuePost: () => Promise.resolve(),
      enqueueDiagnose: () => Promise.resolve(), // the test runs it itself
      enqueueRemediate: (payload: RemediatePayload) => Promise.resolve(void jobs.push(payload)),
    };
    const requests = createRequestRemediation({
      ...{ store, queues: recording, inventory, digest, onError: () => undefined },
    });
    const needs: RemediateNeeds = {
      ...{ store, queues: recording, inventory, connector, network: workerNetwork, digest, logger },
      ledgerFolder: path.join(folder, 'actions'),
    };
    const ask = () =>
      requests.request({ remediation: remediation!, user: 'U0ANA', role: 'a', channel: 'C0' });
    return { id: remediation!.id, needs, service, jobs, ask };
  }

  return {
    backbone,
    is,
    get,
    offered,
    /** Its button was pressed; `job` is the one that the bot has queued. */
    asked: async (fields: Parameters<typeof offered>[0] = {}) => {
      const change = await offered(fields);
      await change.ask();
      return { ...change, job: change.jobs[0]! };
    },
    /** As the queue would: the job of the change, and the one of the run that verifies it. */
    runJob: async (needs: RemediateNeeds, data: RemediatePayload): Promise<void> => {
      const diagnose = createDiagnose({ connector });
      const over = new AbortController();
      const diagnosing = (async () => {
        while (!over.signal.aborted) {
          // On a busy machine the database may have no time for us at once.
          const runId = (await get(data.remediationId).catch(() => null))?.verifyRunId ?? null;
          if (runId !== null)
            await diagnoseJob({ ...needs, diagnose })({ data: { runId } } as never, '', undefined);
          await sleep(200);
        }
      })();
      await remediateJob(needs)({ data } as never, 'token', undefined).finally(() => over.abort());
      await diagnosing;
    },
    set: (id: string, assignment: string) =>
      backbone.database.query(`UPDATE diag503.remediation SET ${assignment} WHERE id = $1`, [id]),
    sweep: ({ store: swept, queues: its }: RemediateNeeds) =>
      sweepJob({ store: swept, queues: its, makesChanges: true })({} as never, '', undefined),
    events: async (id: string) =>
      (await store.audit.after(0)).filter((row) => row.remediationId === id).map(({ event }) => event),
    inFolder: (name: string) => path.join(folder, name),
    effects: (): number => {
      const file = path.join(folder, 'effects');
      return existsSync(file) ? readFileSync(file, 'utf8').length : 0;
    },
    /** Before each test; what it answers takes the folder away again. */
    begin: () => {
      folder = mkdtempSync(path.join(tmpdir(), 'diag503-change-'));
      Object.assign(is, { healthy: true, refuses: [] });
      requests = 0;
      return () => rmSync(folder, { recursive: true, force: true });
    },
    close: async () => {
      health.close();
      await database.close();
      await backbone.close();
    },
  };
}

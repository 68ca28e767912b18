import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { openQueues } from '../../src/queue/queues.js';
import { createRequestRun, NotAccepted } from '../../src/queue/request-run.js';
import { openDatabase } from '../../src/store/database.js';
import { createStore } from '../../src/store/store.js';
import { type Backbone, onBothBackends, openTestBackbone } from '../helpers/backbone.js';
import { service } from '../helpers/service.js';
import { until } from '../helpers/until.js';
import { needs } from '../servers/require-server.js';

let backbone: Backbone;
afterEach(() => backbone.close());

const ask = { service: service(), channel: 'C0OPS', origin: { kind: 'slash', user: 'U0ANA' } } as const;

/** What the asker is told, and after how long. */
async function refusal(request: Promise<unknown>): Promise<{ message: string; ms: number }> {
  const startedAt = performance.now();
  const error: unknown = await request.then(
    () => null,
    (reason: unknown) => reason,
  );
  const ms = performance.now() - startedAt;
  if (!(error instanceof NotAccepted)) throw new Error('it was accepted', { cause: error });
  return { message: error.message, ms };
}
/** The promise, and a little for a busy machine. */
const LIMIT_MS = 2_000;

onBothBackends('requesting a run', (kind) => {
  it('starts one job for 50 requests at once', async () => {
    backbone = await openTestBackbone(kind);
    const requestRun = createRequestRun(backbone);
    const answers = await Promise.all(Array.from({ length: 50 }, () => requestRun(ask)));
    expect(answers.filter((answer) => answer.kind === 'started')).toHaveLength(1);
    expect(new Set(answers.map(({ run }) => run.id)).size).toBe(1);
    expect(await backbone.database.query('SELECT enqueued_at FROM diag503.run')).toEqual([
      { enqueued_at: expect.any(Date) as Date },
    ]);
  });

  it('says within 1.8 s that nothing was started when the database is down', async () => {
    backbone = await openTestBackbone(kind);
    const requestRun = createRequestRun(backbone);
    await requestRun({ ...ask, service: service('warm-up') });
    await backbone.postgres.stop();
    const { message, ms } = await refusal(requestRun(ask));
    expect(message).toBe(
      "Nothing was started. The database is not answering: try again in a minute, or run `diag503 run api-prod` on the bot's machine.",
    );
    expect(ms).toBeLessThan(LIMIT_MS);
  });

  it('says so too when the database hangs, and takes a late row back', async () => {
    backbone = await openTestBackbone(kind);
    const requestRun = createRequestRun(backbone);
    const blocker = openDatabase(backbone.settings.databaseUrl, { max: 1 });
    let unblock = (): void => undefined;
    const blocked = blocker.transaction(async (query) => {
      await query('LOCK TABLE diag503.run IN ACCESS EXCLUSIVE MODE');
      await new Promise<void>((resolve) => (unblock = resolve));
    });
    await sleep(200);
    const { message, ms } = await refusal(requestRun(ask));
    expect(message).toContain('The database is not answering');
    expect(ms).toBeLessThan(LIMIT_MS);
    unblock();
    await blocked;
    await until('the late row is taken back', async () => {
      const rows = await backbone.database.query('SELECT state FROM diag503.run');
      return rows.length === 0 || rows[0]!['state'] === 'refused';
    });
    await blocker.close();
  });
});

describe.skipIf(!needs('redis-server'))('requesting a run while Redis', () => {
  const REDIS_SILENT =
    "Nothing was started. Redis is not answering: try again in a minute, or run `diag503 run api-prod` on the bot's machine.";
  const states = async () =>
    (await backbone.database.query('SELECT state FROM diag503.run')).map(({ state }) => state);

  it('is down: refused in time, and accepted again as soon as it is back', async () => {
    backbone = await openTestBackbone('Redis');
    const requestRun = createRequestRun(backbone);
    await requestRun({ ...ask, service: service('warm-up') });
    await backbone.redis.kill();
    const { message, ms } = await refusal(requestRun(ask));
    expect(message).toBe(REDIS_SILENT);
    expect(ms).toBeLessThan(LIMIT_MS);
    expect(await states()).toEqual(['queued', 'refused']);

    await backbone.redis.start();
    const back = performance.now();
    await until('accepted again', () =>
      requestRun(ask).then(
        () => true,
        () => false,
      ),
    );
    expect(performance.now() - back).toBeLessThan(5_000);
  });

  it('is down since before the start: refused in time, and accepted when it comes', async () => {
    backbone = await openTestBackbone('Redis');
    await backbone.redis.kill();
    const queues = openQueues(backbone.settings);
    const requestRun = createRequestRun({ store: backbone.store, queues });
    const { message, ms } = await refusal(requestRun(ask));
    expect(message).toBe(REDIS_SILENT);
    expect(ms).toBeLessThan(LIMIT_MS);
    await backbone.redis.start();
    await until('accepted', () =>
      requestRun(ask).then(
        () => true,
        () => false,
      ),
    );
    await queues.close();
  });

  it('hangs: refused in time, all of those who joined too', async () => {
    backbone = await openTestBackbone('Redis');
    const requestRun = createRequestRun(backbone);
    await requestRun({ ...ask, service: service('warm-up') });
    backbone.redis.freeze();
    const refusals = await Promise.all(Array.from({ length: 10 }, () => refusal(requestRun(ask))));
    for (const { message, ms } of refusals) {
      expect(message).toBe(REDIS_SILENT);
      expect(ms).toBeLessThan(LIMIT_MS);
    }
    backbone.redis.thaw();
    expect(await states()).toEqual(['queued', 'refused']);
  });

  it('and the database are down: still one answer in time', async () => {
    backbone = await openTestBackbone('Redis');
    const store = createStore(backbone.database);
    await backbone.redis.kill();
    await backbone.postgres.stop();
    const { ms } = await refusal(createRequestRun({ store, queues: backbone.queues })(ask));
    expect(ms).toBeLessThan(LIMIT_MS);
  });
});

import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { type LocalSlack, startLocalSlack } from '../demo/slack/server.js';
import { type Bot, startBot } from '../src/bot.js';
import { createPoster } from '../src/slack/poster.js';
import { createReplayGuard } from '../src/slack/replay-guard.js';
import { createWebClient } from '../src/slack/web-client.js';
import { type Backbone, openTestBackbone } from './helpers/backbone.js';
import { runDocument } from './helpers/run-document.js';
import { inventoryOf, service } from './helpers/service.js';

const Health = z.object({ status: z.string(), parts: z.record(z.string(), z.string()) });

describe('the bot in HTTP mode, with its own store and queues', () => {
  let backbone: Backbone;
  let slack: LocalSlack;
  let bot: Bot;
  const inventory = inventoryOf(service('api-prod'));
  const logger = pino({ level: 'silent' });
  beforeAll(async () => {
    [backbone, slack] = await Promise.all([openTestBackbone('PostgreSQL'), startLocalSlack()]);
    const { botToken, apiUrl, signingSecret } = slack;
    bot = await startBot({
      env: {
        slack: { mode: 'http', botToken, apiUrl, signingSecret },
        http: { host: '127.0.0.1', port: 0 },
        lookAgainMinutes: 15,
      },
      inventory,
      store: backbone.store,
      queues: backbone.queues,
      logger,
    });
    slack.setRequestUrl(`http://127.0.0.1:${bot.port}/slack/events`);
  });
  afterAll(async () => {
    await bot.close();
    await slack.close();
    await backbone.close();
  });
  const post = createPosterOf();
  function createPosterOf() {
    return async (messageId: string): Promise<void> => {
      const client = createWebClient({ botToken: slack.botToken, apiUrl: slack.apiUrl }, logger);
      const poster = createPoster({ client, store: backbone.store, inventory });
      await vi.waitFor(async () => expect((await poster.post(messageId)).done).toBe(true), {
        timeout: 5_000,
      });
    };
  }

  it('is live and ready', async () => {
    const live = await fetch(`http://127.0.0.1:${bot.port}/health/live`);
    expect(live.status).toBe(200);
    const ready = await fetch(`http://127.0.0.1:${bot.port}/health/ready`);
    expect(Health.parse(await ready.json())).toEqual({
      status: 'ready',
      parts: { database: 'ok', queue: 'ok', slack: 'ok' },
    });
  });

  it('makes one run of a command, and one more of the button below its verdict', async () => {
    const { runs } = backbone.store;
    await slack.control.command('U0ANA', 'C0OPSAPI', '/diag503 api-prod');
    const first = await vi.waitFor(
      async () => {
        const run = await runs.latest('api-prod');
        expect(run).not.toBeNull();
        return run!;
      },
      { timeout: 10_000 },
    );
    expect(first).toMatchObject({
      service: 'api-prod',
      state: 'queued',
      origin: { kind: 'slash', user: 'U0ANA' },
    });
    await runs.start(first.id);
    for (const { id } of await runs.finish(first.id, { document: runDocument(), readings: [] }))
      await post(id);

    const verdict = slack.control
      .messages('C0OPSAPI')
      .find(({ blocks }) => JSON.stringify(blocks).includes('run-again'));
    await slack.control.press({ user: 'U0BEN', channel: 'C0OPSAPI', ts: verdict!.ts, actionId: 'run-again' });
    const second = await vi.waitFor(async () => {
      const run = await runs.latest('api-prod');
      expect(run?.id).not.toBe(first.id);
      return run!;
    });
    expect(second).toMatchObject({ incidentId: first.incidentId, origin: { kind: 'again', user: 'U0BEN' } });

    await slack.control.press({ user: 'U0ANA', channel: 'C0OPSAPI', ts: verdict!.ts, actionId: 'run-again' });
    await vi.waitFor(() => {
      const told = slack.control
        .messages('C0OPSAPI', 'U0ANA')
        .filter(({ ephemeralFor }) => ephemeralFor === 'U0ANA');
      expect(JSON.stringify(told)).toContain('Already looking at *api-prod*, asked by <@U0BEN>');
    });
    expect((await runs.latest('api-prod'))?.id).toBe(second.id);
  });

  it('refuses a replay that another process saw first', async () => {
    const { seenRequests } = backbone.store;
    const [one, other] = [createReplayGuard({ seenRequests }), createReplayGuard({ seenRequests })];
    expect(await one('a signature')).toBe(true);
    expect(await other('a signature')).toBe(false);
    await seenRequests.prune();
    expect(await createReplayGuard({ seenRequests })('a signature')).toBe(false);
  });

  it('says which part is down, and answers a command in time while the database is down', async () => {
    await backbone.postgres.stop();
    await sleep(1_100);
    const ready = await fetch(`http://127.0.0.1:${bot.port}/health/ready`);
    expect(ready.status).toBe(503);
    const { parts } = Health.parse(await ready.json());
    expect(parts['database']).not.toBe('ok');
    expect(parts['slack']).toBe('ok');

    slack.control.reset();
    const asked = Date.now();
    await slack.control.command('U0ANA', 'C0OPSAPI', '/diag503 api-prod');
    await vi.waitFor(
      () => {
        const told = slack.control
          .messages('C0OPSAPI', 'U0ANA')
          .filter(({ ephemeralFor }) => ephemeralFor === 'U0ANA');
        expect(JSON.stringify(told)).toContain('Nothing was started. The database is not answering');
      },
      { timeout: 4_000, interval: 20 },
    );
    expect(Date.now() - asked).toBeLessThan(2_500);
  });
});

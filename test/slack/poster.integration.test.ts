import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type LocalSlack, startLocalSlack } from '../../demo/slack/server.js';
import type { Finding } from '../../src/model/finding.js';
import { createPoster, type Poster, type PostOutcome } from '../../src/slack/poster.js';
import { createWebClient } from '../../src/slack/web-client.js';
import { type Backbone, openTestBackbone } from '../helpers/backbone.js';
import { runDocument } from '../helpers/run-document.js';
import { inventoryOf, service } from '../helpers/service.js';

/** Backoff and a headline that comes late add up while three of ten calls are lost. */
const POSTED_WITHIN_MS = 100_000;

describe('the poster', () => {
  let backbone: Backbone;
  let slack: LocalSlack;
  let poster: Poster;
  beforeAll(async () => {
    [backbone, slack] = await Promise.all([openTestBackbone('PostgreSQL'), startLocalSlack()]);
    poster = newPoster();
  });
  afterAll(async () => {
    await slack.close();
    await backbone.close();
  });
  beforeEach(async () => {
    slack.control.reset();
    await backbone.database.query('TRUNCATE diag503.incident CASCADE');
  });

  const newPoster = (): Poster => {
    const log = pino({ level: 'silent' });
    const client = createWebClient({ botToken: slack.botToken, apiUrl: slack.apiUrl }, log);
    const inventory = inventoryOf(service('api-prod'), service('lost', { channel: '#nowhere' }));
    // How many messages a channel gets a second is a matter of its own: see the test of the channel's pace.
    const messages = { ...backbone.store.messages, awaitTurn: () => Promise.resolve(0) };
    return createPoster({ client, store: { ...backbone.store, messages }, inventory, log });
  };
  const runs = () => backbone.store.runs;
  const accept = (name = 'api-prod', channel = 'C0OPSAPI', user: string | null = 'U0ANA') =>
    runs().accept({ service: name, channel, origin: { kind: 'slash', user } });
  const finished = async (name = 'api-prod', long = false, channel = 'C0OPSAPI') => {
    const { run, headline } = await accept(name, channel);
    await runs().start(run.id);
    const { run: meta, findings } = runDocument();
    const document = runDocument({
      service: name,
      run: { ...meta, id: run.id },
      ...(long ? longFindings(findings) : {}),
    });
    const messages = await runs().finish(run.id, { document, readings: [] });
    const ids = messages.map(({ id }) => id);
    return { run, headline, ids };
  };
  const longFindings = ([finding]: Finding[]) => ({
    findings: [
      { ...finding!, evidence: [{ ...finding!.evidence[0]!, excerpt: 'a line of evidence\n'.repeat(200) }] },
    ],
  });
  const posted = (channel = 'C0OPSAPI') =>
    slack.control.messages(channel).filter(({ isFromBot }) => isFromBot);
  const wait = (outcome: PostOutcome): number => (outcome.done ? 0 : outcome.retryAfterMs);
  /** As the post queue does it: again after the time that the outcome names. */
  const untilDone = async (id: string, by = poster): Promise<void> => {
    const deadline = Date.now() + POSTED_WITHIN_MS;
    while (Date.now() < deadline) {
      const outcome = await by.post(id);
      if (outcome.done) return;
      await sleep(Math.min(wait(outcome), 1_500));
    }
    throw new Error(`message ${id} is not posted`);
  };

  it('posts the line, edits it, and hangs the verdict and its evidence below', async () => {
    const { run, headline } = await accept();
    expect(await poster.post(headline.id)).toEqual({ done: true });
    expect(posted()[0]?.text).toBe('looking at *api-prod* (asked by <@U0ANA>)');
    await runs().start(run.id);
    await runs().setProgress(run.id, { hosts: 3, done: 9, total: 14 });
    expect(await poster.post(headline.id)).toMatchObject({ done: false, reason: 'one edit a second' });
    await untilDone(headline.id);
    expect(posted()[0]?.text).toBe('looking at *api-prod*: 3 hosts, 9 of 14 readings (asked by <@U0ANA>)');

    const { findings } = runDocument();
    const messages = await runs().finish(run.id, {
      document: runDocument(longFindings(findings)),
      readings: [],
    });
    const ids = messages.map(({ id }) => id);
    expect(ids).toHaveLength(3);
    await Promise.all(ids.map((id) => untilDone(id)));
    const [line, ...replies] = posted();
    expect(line?.text).toBe(
      '*api-prod* answers 503: database connections exhausted (confirmed), said by the app, 2.1 s, asked by <@U0ANA>',
    );
    expect(replies).toHaveLength(2);
    for (const reply of replies) expect(reply.threadTs).toBe(line?.ts);
    expect(replies.filter(({ files }) => files.length > 0)).toHaveLength(1);
    expect(await backbone.store.messages.unposted()).toEqual([]);
  });

  it('posts replies only below their line', async () => {
    const { ids, headline } = await finished();
    const [verdict] = ids.filter((id) => id !== headline.id);
    expect(await poster.post(verdict!)).toMatchObject({
      done: false,
      reason: 'its headline is not posted yet',
    });
    expect(posted()).toEqual([]);
  });

  it('posts once though ten senders want to', async () => {
    const { headline } = await accept();
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => newPoster().post(headline.id)));
    expect(outcomes.filter(({ done }) => done)).not.toEqual([]);
    await untilDone(headline.id);
    expect(posted()).toHaveLength(1);
  });

  it('edits once a second though ten senders bring newer revisions', async () => {
    const { run, headline } = await accept();
    await untilDone(headline.id);
    await runs().start(run.id);
    await sleep(1_000);
    const bring = async (done: number): Promise<void> => {
      await runs().setProgress(run.id, { hosts: 3, done, total: 14 });
      await newPoster().post(headline.id);
    };
    await Promise.all(Array.from({ length: 10 }, (_, index) => bring(index)));
    await untilDone(headline.id);
    const times = slack.control.calls('chat.update').map(({ at }) => at);
    expect(times.length).toBeGreaterThan(0);
    expect(Math.min(...times.slice(1).map((at, index) => at - times[index]!))).toBeGreaterThan(950);
  });

  it('waits as long as Slack asks and posts once', async () => {
    slack.control.addFault({ method: 'chat.postMessage', kind: 'rate-limit', retryAfterSeconds: 2 });
    const { run, headline } = await accept();
    expect(await poster.post(headline.id)).toMatchObject({ done: false, retryAfterMs: 2_000 });
    await runs().start(run.id);
    await runs().setProgress(run.id, { hosts: 3, done: 9, total: 14 }); // a newer revision comes with a job of its own
    expect(await newPoster().post(headline.id)).toMatchObject({
      done: false,
      reason: 'another sender has it, or Slack asked to wait',
    });
    expect(slack.control.calls('chat.postMessage')).toHaveLength(1);
    await untilDone(headline.id);
    const [refused, taken] = slack.control.calls('chat.postMessage').map(({ at }) => at);
    expect(taken! - refused!).toBeGreaterThan(1_900);
    expect(posted()).toHaveLength(1);
  });

  it.each([
    ['status', 0],
    ['drop', 0],
    ['accept-then-drop', 1],
  ] as const)('after %s asks Slack whether it had arrived', async (kind, arrived) => {
    slack.control.addFault({ method: 'chat.postMessage', kind });
    const { headline } = await accept();
    expect(await poster.post(headline.id)).toMatchObject({ done: false });
    expect(posted()).toHaveLength(arrived);
    await untilDone(headline.id);
    expect(posted()).toHaveLength(1);
    expect(slack.control.calls('conversations.history').length).toBeGreaterThan(0);
  });

  it('finds its line also where the channel is only known by name', async () => {
    slack.control.addFault({ method: 'chat.postMessage', kind: 'accept-then-drop' });
    const { headline } = await accept('api-prod', '#ops-api');
    await poster.post(headline.id);
    await untilDone(headline.id);
    expect(posted()).toHaveLength(1);
  });

  it('60 posts at a Slack that takes and then drops 3 of 10: none missing, none twice', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, (_, index) => finished(`svc-${index}`, true)));
    const ids = all.flatMap(({ ids: each }) => each);
    expect(ids).toHaveLength(60);
    slack.control.addFault({ method: '*', kind: 'accept-then-drop', share: 0.3, times: 1000 });
    await Promise.all(ids.map((id) => untilDone(id)));
    slack.control.clearFaults();
    expect(await backbone.store.messages.unposted()).toEqual([]);

    const lines = posted().filter(({ threadTs }) => threadTs === null || threadTs === '');
    const replies = posted().filter(({ threadTs }) => threadTs !== null && threadTs !== '');
    expect(lines).toHaveLength(20);
    expect(new Set(lines.map(({ text }) => text)).size).toBe(20);
    expect(replies).toHaveLength(40);
    for (const { ts } of lines) {
      const thread = replies.filter(({ threadTs }) => threadTs === ts);
      expect(thread.map(({ files }) => files.length).toSorted()).toEqual([0, 1]);
    }
  }, 180_000);

  it.each([
    ['not_in_channel', /invite the bot/],
    ['channel_not_found', /private or gone.*invite the bot/],
    ['is_archived', /archived/],
    ['missing_scope', /lacks a permission/],
  ])('tells the asker what to do after %s', async (error, remedy) => {
    slack.control.addFault({ method: 'chat.postMessage', kind: 'error', error });
    const { headline } = await accept();
    expect(await poster.post(headline.id)).toEqual({ done: true });
    const { error: kept } = (await backbone.store.messages.get(headline.id)) ?? {};
    expect(kept).toBe(`Slack answered ${error}`);
    const dms = slack.control.calls('chat.postMessage').slice(1);
    expect(JSON.stringify(dms)).toMatch(remedy);
    expect(JSON.stringify(dms)).toContain('U0ANA');
    expect(await poster.post(headline.id)).toEqual({ done: true });
    expect(slack.control.calls('chat.postMessage')).toHaveLength(2);
  });

  it('names the inventory when its channel does not exist', async () => {
    const { headline, ids } = await finished('lost', false, '#nowhere');
    expect(await poster.post(headline.id)).toEqual({ done: true });
    expect(JSON.stringify(slack.control.calls('chat.postMessage'))).toContain('`channel` in the inventory');
    for (const id of ids) expect(await poster.post(id)).toEqual({ done: true });
    expect(await backbone.store.messages.unposted()).toEqual([]);
    expect(slack.control.calls('chat.postMessage')).toHaveLength(2);
  });

  it('says it in plain text when Slack refuses the blocks', async () => {
    const { headline, ids } = await finished();
    await untilDone(headline.id);
    slack.control.addFault({ method: 'chat.postMessage', kind: 'error', error: 'invalid_blocks' });
    for (const id of ids) await untilDone(id);
    const [line] = posted();
    const reply = posted().find(({ threadTs }) => threadTs === line!.ts);
    expect(reply?.text).toContain('Database connections available?');
    expect(reply?.blocks).toEqual([]);
  });

  it('gives the message back when its process is stopping', async () => {
    const { headline } = await accept();
    expect(await poster.post(headline.id, AbortSignal.abort())).toMatchObject({ done: false });
    expect(posted()).toEqual([]);
    await untilDone(headline.id);
    expect(posted()).toHaveLength(1);
  });

  it('posts nothing about a request that was refused', async () => {
    const { run, headline } = await accept();
    await runs().refuse(run.id);
    expect(await poster.post(headline.id)).toEqual({ done: true });
    expect(posted()).toEqual([]);
  });
});

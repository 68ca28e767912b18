import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startLocalSlack, type LocalSlack } from '../../../demo/slack/server.js';
import { clientOf } from './bot.js';

let slack: LocalSlack;
beforeAll(async () => {
  slack = await startLocalSlack();
});
afterEach(() => slack.control.reset());
afterAll(() => slack.close());

const channel = 'C0OPSAPI';
const post = (options = {}) => clientOf(slack, options).chat.postMessage({ channel, text: 'x' });
const posted = () => slack.control.messages(channel).length;

describe('faults of the Web API', () => {
  it('429 carries Retry-After', async () => {
    slack.control.addFault({ method: 'chat.postMessage', kind: 'rate-limit', retryAfterSeconds: 7 });
    await expect(post({ rejectRateLimitedCalls: true })).rejects.toMatchObject({ retryAfter: 7 });
    expect(posted()).toBe(0);
    await post();
    expect(posted()).toBe(1);
  });

  it('500 does nothing', async () => {
    slack.control.addFault({ kind: 'status', status: 503 });
    await expect(post()).rejects.toMatchObject({ statusCode: 503 });
    expect(posted()).toBe(0);
  });

  it('accept-then-drop does the work and hides it', async () => {
    slack.control.addFault({ kind: 'accept-then-drop' });
    await expect(post()).rejects.toMatchObject({ code: 'slack_webapi_request_error' });
    expect(posted()).toBe(1);
    expect(slack.control.calls('chat.postMessage')).toMatchObject([
      { fault: 'accept-then-drop', answer: { ok: true } },
    ]);
  });

  it('drop and hang do not', async () => {
    slack.control.addFault({ kind: 'drop' });
    slack.control.addFault({ kind: 'hang' });
    await expect(post()).rejects.toMatchObject({ code: 'slack_webapi_request_error' });
    await expect(post({ timeout: 150 })).rejects.toMatchObject({ code: 'slack_webapi_request_error' });
    expect(posted()).toBe(0);
  });

  it("answers with any of Slack's errors, and late", async () => {
    slack.control.addFault({ kind: 'error', error: 'fatal_error' });
    await expect(post()).rejects.toMatchObject({ data: { error: 'fatal_error' } });
    slack.control.addFault({ kind: 'latency', delayMs: 120 });
    const start = performance.now();
    await post();
    expect(performance.now() - start).toBeGreaterThan(110);
  });

  it('hits a share, after a skip, of one method only', async () => {
    slack.control.addFault({ method: 'chat.postMessage', kind: 'status', times: 3, skip: 1, share: 0.5 });
    const outcomes = [];
    for (let call = 0; call < 8; call += 1)
      outcomes.push(
        await post().then(
          () => 'ok',
          () => 'failed',
        ),
      );
    expect(outcomes).toEqual(['ok', 'ok', 'failed', 'ok', 'failed', 'ok', 'failed', 'ok']);
  });
});

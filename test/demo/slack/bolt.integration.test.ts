import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startLocalSlack, type LocalSlack } from '../../../demo/slack/server.js';
import { startHttpBot, startSocketBot, type Bot } from './bot.js';

describe.each([
  ['Socket Mode', startSocketBot],
  ['HTTP mode', startHttpBot],
])('Bolt in %s', (_name, startBot) => {
  let slack: LocalSlack;
  let bot: Bot;

  beforeAll(async () => {
    slack = await startLocalSlack({ timing: { ackMs: 700, retryDelaysMs: [0, 50] } });
    bot = await startBot(slack);
  });
  afterEach(() => slack.control.reset());
  afterAll(async () => {
    await bot.stop();
    await slack.close();
  });

  const texts = (user?: string) => slack.control.messages('ops-api', user).map(({ text }) => text);
  const eventually = vi.waitFor;

  it('runs a command: message, update, thread, ephemeral answer', async () => {
    await slack.control.command('ana', '#ops-api', '/diag503 api-prod');
    await eventually(() =>
      expect(texts('ana')).toEqual(['*api-prod* answers 503', 'verdict', 'asked for api-prod']),
    );
    expect(texts('ben')).toEqual(['*api-prod* answers 503', 'verdict']);
    const [head, verdict] = slack.control.messages('ops-api');
    expect(head?.editedTs).not.toBeNull();
    expect(verdict?.threadTs).toBe(head?.ts);
  });

  it('presses a button and a menu of a threaded message', async () => {
    await slack.control.command('ana', 'ops-api', '/diag503 api-prod');
    await eventually(() => expect(texts('ana')).toHaveLength(3));
    const verdict = slack.control.messages('ops-api')[1];
    const place = { user: 'ben', channel: 'ops-api', ts: verdict?.ts ?? '' };
    await slack.control.press({ ...place, actionId: 'again' });
    await slack.control.press({ ...place, actionId: 'more', value: 'details' });
    await eventually(() => expect(texts('ben').slice(2)).toEqual(['again: api-prod', 'more: details']));
    expect(texts('ana')).toHaveLength(3);
  });

  it('opens a modal, shows its errors, takes the submission', async () => {
    await slack.control.command('ana', 'ops-api', '/diag503');
    await eventually(() => expect(slack.control.openView('ana')).toBeDefined());
    expect(await slack.control.submit('ana', {})).toEqual({ errors: { service: 'Choose one' } });
    expect(slack.control.openView('ana')).toBeDefined();
    expect(await slack.control.submit('ana', { service: 'shop', why: 'slow' })).toEqual({ errors: {} });
    expect(slack.control.openView('ana')).toBeUndefined();
    await eventually(() => expect(texts()).toEqual(['shop for ana: slow']));
  });

  it('tells the user when the bot does not answer in time', async () => {
    const ack = await slack.control.command('ana', 'ops-api', '/diag503 silent');
    expect(ack).toEqual({ kind: 'failed', error: 'operation_timeout' });
    expect(texts('ana')).toEqual(['/diag503 failed with the error "operation_timeout"']);
    expect(texts('ben')).toEqual([]);
  });

  it('brings a mention as an event', async () => {
    await slack.control.say({ user: 'ana', channel: 'ops-api', text: '<@U0DIAG503> hello' });
    await eventually(() => expect(texts()).toEqual(['<@U0DIAG503> hello', 'you called']));
  });

  it('delivers the same thing again on request', async () => {
    await slack.control.command('ana', 'ops-api', '/diag503 api-prod');
    await slack.control.redeliver(2);
    await eventually(() =>
      expect(texts('ana').filter((text) => text === 'asked for api-prod')).toHaveLength(3),
    );
    expect(texts().filter((text) => text === 'verdict')).toHaveLength(3);
  });
});

describe('Socket Mode', () => {
  it.each(['refresh_requested', 'warning', 'cut'] as const)('reconnects after %s', async (reason) => {
    const slack = await startLocalSlack();
    const bot = await startSocketBot(slack);
    slack.control.disconnect(reason);
    await vi.waitFor(() => expect(slack.control.connectionCount()).toBe(0));
    expect(await slack.control.command('ana', 'ops-api', '/diag503 x')).toMatchObject({
      error: 'dispatch_failed',
    });
    await vi.waitFor(() => expect(slack.control.connectionCount()).toBe(1), { timeout: 12_000 });
    expect(await slack.control.command('ana', 'ops-api', '/diag503 x')).toMatchObject({
      kind: 'acknowledged',
    });
    await vi.waitFor(() => expect(slack.control.messages('ops-api')).toHaveLength(2));
    await bot.stop();
    await slack.close();
  });
});

describe('HTTP mode', () => {
  it('repeats an unanswered event with x-slack-retry-num', async () => {
    const slack = await startLocalSlack({
      requestUrl: 'http://127.0.0.1:9/slack/events',
      timing: { retryDelaysMs: [0, 10, 20] },
    });
    await slack.control.sendEvent({ type: 'app_home_opened', user: 'U0ANA' });
    expect(slack.control.deliveries()).toHaveLength(4);
    await slack.close();
  });
});

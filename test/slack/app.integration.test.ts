import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { NotAccepted } from '../../src/queue/request-run.js';
import { run } from '../helpers/run-document.js';
import { type BotAtSlack, startBotAtSlack } from './local-slack-bot.js';

const ASK = { service: { name: 'api-prod' }, channel: 'C0OPSAPI', origin: { kind: 'slash', user: 'U0ANA' } };

describe.each(['http', 'socket'] as const)('the bot in %s mode', (mode) => {
  let bot: BotAtSlack;
  const control = () => bot.slack.control;
  beforeAll(async () => {
    bot = await startBotAtSlack(mode);
  });
  afterAll(() => bot.close());
  beforeEach(() => {
    control().reset();
    bot.asks.length = 0;
  });
  const command = (text: string, user = 'U0ANA', channel = 'C0OPSAPI') =>
    control().command(user, channel, `/diag503 ${text}`);
  const told = (match: RegExp, user = 'U0ANA', channel = 'C0OPSAPI') =>
    vi.waitFor(() => expect(bot.told(channel, user).join('\n')).toMatch(match), { timeout: 4_000 });

  it('asks for one run and acknowledges at once', async () => {
    await command('api-prod');
    const [delivery] = control().deliveries();
    expect(delivery?.acknowledgement.kind).toBe('acknowledged');
    expect(delivery?.tookMs).toBeLessThan(500);
    await vi.waitFor(() => expect(bot.asks).toMatchObject([ASK]));
    expect(bot.told('C0OPSAPI', 'U0ANA')).toEqual([]);
  });

  it('asks once though the command is delivered four times', async () => {
    await command('api-prod');
    await control().redeliver(3);
    await vi.waitFor(() => expect(bot.asks).toHaveLength(1));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(bot.asks).toHaveLength(1);
  });

  it('acknowledges at once while requests take long', async () => {
    bot.answerWith(async () => {
      await new Promise((resolve) => setTimeout(resolve, 1_700));
      throw new NotAccepted('Nothing was started. Redis is not answering: try again in a minute.');
    });
    const asked = Date.now();
    await command('api-prod');
    expect(control().deliveries()[0]?.tookMs).toBeLessThan(500);
    await told(/Nothing was started\. Redis is not answering/);
    expect(Date.now() - asked).toBeLessThan(2_500);
  });

  it('tells who joins a run where it is and who asked', async () => {
    bot.answerWith(async ({ service, channel }) => {
      const incident = { id: run().incidentId, service: service.name, channel, openedAt: '', closedAt: null };
      return {
        kind: 'joined',
        incident,
        run: run({ state: 'running', origin: { kind: 'slash', user: 'U0BEN' } }),
      };
    });
    await command('api-prod');
    await told(/Already looking at \*api-prod\*, asked by <@U0BEN>: see its thread in <#C0OPSAPI>/);
  });

  it('says where the thread is when the service has another channel', async () => {
    bot.answerWith(async ({ service, channel }) => {
      const incident = { id: run().incidentId, service: service.name, channel, openedAt: '', closedAt: null };
      return { kind: 'started', incident, run: run({ state: 'queued' }) };
    });
    await command('shop');
    await told(/the thread is in #ops-shop/);
    control().reset();
    await command('shop', 'U0ANA', 'C0OPSSHOP');
    await vi.waitFor(() => expect(bot.asks).toHaveLength(2));
    expect(bot.told('C0OPSSHOP', 'U0ANA')).toEqual([]);
  });

  it.each([
    ['help', /finds out why a service answers 503/],
    ['list', /3 services.*`api-prod`/s],
    ['status api-prod', /answers 503: database connections exhausted/],
    ['status nope', /There is no service `nope`/],
    ['api-prd', /Nearest: `api-prod`/],
    ['; rm -rf / $(id)', /There is no service/],
    ['<!channel> `x`', /There is no service `&lt;!channel&gt;/],
    ['x'.repeat(4000), /There is no service/],
  ])('answers %s in private and starts nothing', async (text, answer) => {
    await command(text);
    await told(answer);
    expect(bot.asks).toEqual([]);
    expect(
      control()
        .messages('C0OPSAPI')
        .filter(({ ephemeralFor }) => ephemeralFor === null),
    ).toEqual([]);
  });

  it('lets one pick the service', async () => {
    await command('');
    await told(/Which service/);
    const [picker] = control().messages('C0OPSAPI', 'U0ANA');
    await control().press({
      user: 'U0ANA',
      channel: 'C0OPSAPI',
      ts: picker!.ts,
      actionId: 'pick-service',
      value: 'api-prod',
    });
    await vi.waitFor(() => expect(bot.asks).toMatchObject([ASK]));
    await told(/Looking at \*api-prod\*/);
    expect(bot.told('C0OPSAPI', 'U0ANA')).toHaveLength(1);
  });

  it.each([
    ['a guest', 'U0GUEST', /guests/],
    ['a single-channel guest', 'U0SINGLE', /guests/],
    ['a foreigner', 'U0FOREIGN', /only members of its own workspace/],
    ['a deactivated account', 'U0GONE', /deactivated/],
    ['a bot', 'U0ROBOT', /bots/],
  ])('refuses %s in private', async (_who, user, reason) => {
    await command('api-prod', user);
    await told(reason, user);
    expect(bot.asks).toEqual([]);
  });

  it('posts no evidence where another organisation reads along', async () => {
    await command('api-prod', 'U0ANA', 'C0PARTNER');
    await vi.waitFor(() =>
      expect(bot.told('C0PARTNER', 'U0ANA').join()).toMatch(/shared with another organisation/),
    );
    control().addChannel({ id: 'C0UNSEEN', name: 'unseen' });
    control().addFault({ method: 'conversations.info', kind: 'status', status: 500, times: 1 });
    await command('api-prod', 'U0ANA', 'C0UNSEEN');
    await vi.waitFor(() =>
      expect(bot.told('C0UNSEEN', 'U0ANA').join()).toMatch(/did not say whether this channel is shared/),
    );
    expect(bot.asks).toEqual([]);
  });

  it('refuses when Slack does not say who it is', async () => {
    control().addUser({ id: 'U0NEW1' });
    control().addFault({ method: 'users.info', kind: 'status', times: 1 });
    await command('api-prod', 'U0NEW1');
    await told(/Slack did not say who you are/, 'U0NEW1');
    control().addUser({ id: 'U0NEW2' });
    control().addFault({ method: 'users.info', kind: 'hang', times: 1 });
    await command('api-prod', 'U0NEW2');
    await told(/Slack did not say who you are/, 'U0NEW2');
    expect(bot.asks).toEqual([]);
  });

  if (mode === 'http') return;

  it('is back within a second after Slack ends the connection', async () => {
    const opened = () => control().calls('apps.connections.open').length;
    for (const reason of ['warning', 'refresh_requested', 'cut'] as const) {
      const before = opened();
      control().disconnect(reason);
      await vi.waitFor(() => expect(opened()).toBeGreaterThan(before), { timeout: 1_000, interval: 5 });
      await vi.waitFor(() => expect(bot.app.isConnected()).toBe(true), { timeout: 1_000, interval: 5 });
    }
    await command('help');
    await told(/finds out why/);
  });
});

describe('what the bot says when Slack refuses its tokens', () => {
  it('names the bot token, and gives up at once', async () => {
    const bot = await startBotAtSlack('http');
    bot.slack.control.addFault({ method: 'auth.test', kind: 'error', error: 'invalid_auth', times: 5 });
    await expect(bot.app.start()).rejects.toThrow(/SLACK_BOT_TOKEN: Slack answered invalid_auth/);
    await bot.close();
  });
});

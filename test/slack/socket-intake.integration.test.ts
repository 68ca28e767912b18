import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type LocalSlack, startLocalSlack } from '../../demo/slack/server.js';
import { createSocketIntake, type SocketIntake } from '../../src/slack/socket-intake.js';

describe('the Socket Mode connection', () => {
  let slack: LocalSlack;
  let intake: SocketIntake;
  let lost: string[];
  beforeEach(async () => {
    slack = await startLocalSlack();
    lost = [];
    intake = createSocketIntake({
      appToken: slack.appToken,
      apiUrl: slack.apiUrl,
      log: pino({ level: 'silent' }),
      onLost: (reason) => lost.push(reason),
      lostAfterMs: 600,
    });
  });
  afterEach(async () => {
    await intake.stop();
    await slack.close();
  });

  it.each([
    ['answers 500', { kind: 'status' }],
    ['asks to wait', { kind: 'rate-limit' }],
    ['drops the connection', { kind: 'drop' }],
    ['has trouble of its own', { kind: 'error', error: 'internal_error' }],
  ] as const)('is made in the end when Slack %s at first', async (_what, fault) => {
    slack.control.addFault({ method: 'apps.connections.open', times: 2, ...fault });
    await intake.start();
    expect(intake.isConnected()).toBe(true);
    expect(lost).toEqual([]);
  });

  it('comes back when Slack cuts it and then refuses for a moment', async () => {
    await intake.start();
    slack.control.addFault({ method: 'apps.connections.open', kind: 'status', times: 2 });
    slack.control.disconnect('cut');
    await vi.waitFor(() => expect(intake.isConnected()).toBe(false));
    await vi.waitFor(() => expect(intake.isConnected()).toBe(true), { timeout: 3_000 });
  });

  it('is given up when Slack stays away', async () => {
    await intake.start();
    slack.control.addFault({ method: 'apps.connections.open', kind: 'drop', times: 1000 });
    slack.control.disconnect('cut');
    await vi.waitFor(() => expect(lost[0]).toBe('no Socket Mode connection for 0.6 s'), { timeout: 3_000 });
  });

  it('is not tried again with a token that Slack refuses', async () => {
    slack.control.addFault({ method: 'apps.connections.open', kind: 'error', error: 'invalid_auth' });
    await expect(intake.start()).rejects.toThrow(/SLACK_APP_TOKEN: Slack answered invalid_auth/);
  });
});

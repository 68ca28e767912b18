import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/config/config-error.js';
import { readEnv, type EnvCommand, type RawEnv } from '../../src/config/env.js';

const BOT = { SLACK_BOT_TOKEN: 'xoxb-1-2-abc' };
const SOCKET = { ...BOT, SLACK_APP_TOKEN: 'xapp-1-A-2-b' };
const SECRET = '0123456789abcdef0123456789abcdef';

function problems(raw: RawEnv, command: EnvCommand = 'start'): readonly string[] {
  try {
    readEnv(raw, command);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('readEnv', () => {
  it('gives run its defaults without any variable', () => {
    expect(readEnv({}, 'run')).toEqual({
      inventoryPath: 'services.yaml',
      dataDir: '.diag503',
      logLevel: 'info',
      http: { host: '127.0.0.1', port: 8503 },
      ssh: {},
      concurrency: 4,
      lookAgainMinutes: 15,
    });
  });

  it('gives bot and start what their mode needs', () => {
    expect(readEnv(SOCKET, 'bot').slack).toEqual({
      mode: 'socket',
      botToken: BOT.SLACK_BOT_TOKEN,
      appToken: 'xapp-1-A-2-b',
    });
    const http = { ...BOT, SLACK_SIGNING_SECRET: SECRET, DIAG503_SLACK_MODE: 'http' };
    expect(readEnv(http, 'start').slack).toEqual({
      mode: 'http',
      botToken: BOT.SLACK_BOT_TOKEN,
      signingSecret: SECRET,
    });
  });

  it('gives a worker what it posts with, and asks no more of it', () => {
    const env = readEnv({ ...BOT, SLACK_API_URL: 'http://127.0.0.1:4503/api' }, 'worker');
    expect(env.slackApi).toEqual({ botToken: BOT.SLACK_BOT_TOKEN, apiUrl: 'http://127.0.0.1:4503/api/' });
    expect(env.slack).toBeUndefined();
  });

  it('reads every other variable', () => {
    const raw = {
      DIAG503_INVENTORY: 'i.yaml',
      DIAG503_HTTP_PORT: '0',
      DIAG503_SSH_KEY: '/k',
      SSH_AUTH_SOCK: '/agent',
      DIAG503_CONCURRENCY: '8',
      DIAG503_LOOK_AGAIN_MINUTES: '30',
      OPS_CHANNEL: '#ops',
      DATABASE_URL: 'postgresql://u@h/d',
      REDIS_URL: 'rediss://h',
    };
    expect(readEnv({ ...raw, ...BOT }, 'worker')).toMatchObject({
      inventoryPath: 'i.yaml',
      http: { port: 0 },
      ssh: { identityFile: '/k', agentSocket: '/agent' },
      concurrency: 8,
      lookAgainMinutes: 30,
      opsChannel: '#ops',
      databaseUrl: 'postgresql://u@h/d',
      redisUrl: 'rediss://h',
    });
  });

  it('says everything that is missing, with the way out', () => {
    expect(problems({ SLACK_BOT_TOKEN: '' })).toEqual([
      expect.stringMatching(/^SLACK_BOT_TOKEN: missing; set it: xoxb-… from .*OAuth/),
      expect.stringMatching(/^SLACK_APP_TOKEN: missing; .*DIAG503_SLACK_MODE=http/),
    ]);
    expect(problems({ DIAG503_SLACK_MODE: 'http', ...BOT })).toEqual([
      expect.stringMatching(/^SLACK_SIGNING_SECRET: missing; set it: 32 hex digits/),
    ]);
    expect(problems({}, 'worker')).toHaveLength(1);
  });

  it.each([
    [{ SLACK_BOT_TOKEN: 'xapp-1-2' }, 'SLACK_BOT_TOKEN: is an app-level token; it must be xoxb-…'],
    [{ SLACK_BOT_TOKEN: 'xoxp-1-2' }, 'SLACK_BOT_TOKEN: is a user token'],
    [{ SLACK_BOT_TOKEN: 'xoxb-…' }, 'SLACK_BOT_TOKEN: is malformed'],
    [{ SLACK_BOT_TOKEN: '"xoxb-1"' }, 'SLACK_BOT_TOKEN: has quotes or spaces around it'],
    [{ SLACK_APP_TOKEN: 'xoxb-1-2' }, 'SLACK_APP_TOKEN: is a bot token; it must be xapp-…'],
    [{ SLACK_SIGNING_SECRET: 'abc' }, 'SLACK_SIGNING_SECRET: has 3 characters; it must be 32 hex digits'],
    [{ SLACK_API_URL: 'http://slack.example/api/' }, 'SLACK_API_URL: would send the tokens unencrypted'],
    [{ DATABASE_URL: 'mysql://h/d' }, 'DATABASE_URL: starts with mysql:; write it as postgres://'],
    [{ REDIS_URL: 'localhost' }, 'REDIS_URL: is not a URL; write it as redis://'],
    [{ DIAG503_CONCURRENCY: '0' }, 'DIAG503_CONCURRENCY: must be a whole number from 1 to 64'],
    [{ DIAG503_HTTP_PORT: '80a' }, 'DIAG503_HTTP_PORT: must be a whole number from 0 to 65535'],
    [{ DIAG503_LOG_LEVEL: 'loud' }, 'DIAG503_LOG_LEVEL: must be one of trace, debug'],
    [{ DIAG503_SLACK_MODE: 'htttp' }, 'DIAG503_SLACK_MODE: must be one of socket, http'],
    [{ DIAG503_INVENTROY: 'x' }, 'DIAG503_INVENTROY: unknown variable; did you mean "DIAG503_INVENTORY"?'],
  ])('refuses %o', (raw, message) => {
    expect(problems({ ...SOCKET, ...raw }).join('\n')).toContain(message);
  });

  it('recognises a misspelt Slack variable as the one that is missing', () => {
    expect(problems({ SLACK_BOT_TOKN: 'xoxb-1' }, 'worker')[0]).toContain(
      '(SLACK_BOT_TOKN is set: a typing mistake?)',
    );
  });

  it('shows all problems at once and never a value', () => {
    const secret = 'hunter2hunter2';
    const raw = {
      SLACK_BOT_TOKEN: secret,
      SLACK_APP_TOKEN: secret,
      SLACK_SIGNING_SECRET: secret,
      REDIS_URL: secret,
    };
    const found = problems({ ...raw, DATABASE_URL: `mysql://u:${secret}@h/d` });
    expect(found).toHaveLength(5);
    expect(found.join()).not.toContain(secret);
  });

  it('lets run work beside broken Slack, Redis and database settings', () => {
    expect(problems({ SLACK_BOT_TOKEN: 'x', REDIS_URL: 'x', DATABASE_URL: 'x' }, 'run')).toEqual([]);
  });
});

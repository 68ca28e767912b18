import { createHmac, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import express from 'express';
import pino from 'pino';
import { type LocalSlack, startLocalSlack } from '../../demo/slack/server.js';
import type { Incident } from '../../src/model/incident.js';
import type { RequestRun } from '../../src/queue/request-run.js';
import { createSlackApp, type SlackApp } from '../../src/slack/app.js';
import { run } from '../helpers/run-document.js';
import { inventoryOf, service } from '../helpers/service.js';

export const inventory = inventoryOf(
  service('api-prod'),
  service('api-stage'),
  service('shop', { channel: '#ops-shop' }),
);

type Ask = Parameters<RequestRun>[0];
export type BotAtSlack = {
  slack: LocalSlack;
  app: SlackApp;
  /** What reached `requestRun`. */
  asks: Ask[];
  /** Replaces what `requestRun` answers. */
  answerWith: (answer: RequestRun) => void;
  /** HTTP mode: the bot's endpoint. */
  endpoint: string;
  lost: string[];
  /** Ephemeral texts that a user sees in a channel. */
  told: (channel: string, user: string) => string[];
  close: () => Promise<void>;
};

const incidentOf = ({ service: { name }, channel }: Ask): Incident => ({
  id: randomUUID(),
  service: name,
  channel,
  openedAt: new Date().toISOString(),
  closedAt: null,
});

/** The real Slack side of the bot at a local Slack; only `requestRun` is the test's. */
export async function startBotAtSlack(mode: 'http' | 'socket'): Promise<BotAtSlack> {
  const slack = await startLocalSlack();
  const asks: Ask[] = [];
  const started: RequestRun = async (ask) => {
    const incident = incidentOf(ask);
    return {
      kind: 'started',
      incident,
      run: run({ state: 'queued', service: ask.service.name, incidentId: incident.id }),
    };
  };
  let answer = started;
  const http = express();
  const server = createServer(http);
  const lost: string[] = [];
  const api = { botToken: slack.botToken, apiUrl: slack.apiUrl };
  const app = createSlackApp({
    slack:
      mode === 'http'
        ? { ...api, mode, signingSecret: slack.signingSecret }
        : { ...api, mode, appToken: slack.appToken },
    http,
    inventory,
    store: { runs: { get: async () => run(), latest: async () => run() } },
    requestRun: (ask) => {
      asks.push(ask);
      return answer(ask);
    },
    log: pino({ level: 'silent' }),
    onLost: (reason) => lost.push(reason),
  });
  const endpoint = `${await listen(server)}/slack/events`;
  if (mode === 'http') slack.setRequestUrl(endpoint);
  await app.start();
  return {
    slack,
    app,
    asks,
    answerWith: (next) => void (answer = next),
    endpoint,
    lost,
    told: (channel, user) =>
      slack.control
        .messages(channel, user)
        .filter(({ ephemeralFor }) => ephemeralFor !== null)
        .map(({ text, blocks }) => `${text} ${JSON.stringify(blocks)}`),
    close: async () => {
      await app.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await slack.close();
    },
  };
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`);
    });
  });
}

export const sign = (secret: string, timestamp: number | string, body: string): string =>
  `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;

/** A slash command as Slack sends it, from Ana in #ops-api. */
export const commandBody = (fields: Record<string, string> = {}): string =>
  new URLSearchParams({
    command: '/diag503',
    text: 'api-prod',
    team_id: 'T0LOCAL',
    user_id: 'U0ANA',
    channel_id: 'C0OPSAPI',
    channel_name: 'ops-api',
    trigger_id: randomUUID(),
    response_url: 'http://127.0.0.1:9/none',
    ...fields,
  }).toString();

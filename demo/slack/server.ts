import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { createCalls } from './calls.js';
import { createControl, type Control } from './control.js';
import { controlRouter } from './control-http.js';
import { deliverHttp } from './deliver-http.js';
import { createDispatch, type Deliver } from './dispatch.js';
import { createFaults } from './faults.js';
import { pageRouter } from './page/router.js';
import { createResponseUrls } from './response-url.js';
import { defaultScopes } from './seed.js';
import { createSocketMode } from './socket-mode.js';
import { createTriggers } from './triggers.js';
import { uploadRouter } from './uploads.js';
import { webApiRouter } from './web-api/router.js';
import { createWorkspace, type Workspace } from './workspace.js';

export type LocalSlackOptions = {
  /** 0, the default, takes a free one */
  port?: number;
  /** loopback by default: there is no login */
  host?: string;
  /** HTTP mode: where signed requests go. Without it Socket Mode is spoken. */
  requestUrl?: string;
  /** Slack's own figures are the defaults; tests scale them down */
  timing?: Partial<Timing>;
};
type Timing = { ackMs: number; triggerMs: number; responseUrlMs: number; retryDelaysMs: number[] };

const SLACKS_TIMING: Timing = {
  ackMs: 3000,
  triggerMs: 3000,
  responseUrlMs: 30 * 60_000,
  retryDelaysMs: [0, 60_000, 300_000],
};

export type LocalSlack = {
  url: string;
  /** for `SLACK_API_URL` */
  apiUrl: string;
  signingSecret: string;
  botToken: string;
  appToken: string;
  teamId: string;
  control: Control;
  workspace: Workspace;
  /** where HTTP mode sends from now on; null: Socket Mode */
  setRequestUrl: (url: string | null) => void;
  close: () => Promise<void>;
};

/** The local Slack: what Bolt needs of Slack, on this machine, with Slack's limits and on request its troubles. */
export async function startLocalSlack(options: LocalSlackOptions = {}): Promise<LocalSlack> {
  const { port = 0, host = '127.0.0.1' } = options;
  const timing = { ...SLACKS_TIMING, ...options.timing };
  const tokens = { botToken: 'xoxb-local-bot-token', appToken: 'xapp-1-A0DIAG503-local-app-token' };
  const signingSecret = '0123456789abcdef0123456789abcdef';
  let requestUrl = options.requestUrl ?? null;
  let url = '';

  const app = express().disable('x-powered-by');
  const server = createServer(app);
  const workspace = createWorkspace();
  const faults = createFaults();
  const calls = createCalls();
  const scopes = new Set(defaultScopes);
  const triggers = createTriggers({ lifetimeMs: timing.triggerMs });
  const responseUrls = createResponseUrls({ workspace, faults, calls, lifetimeMs: timing.responseUrlMs });
  const sockets = createSocketMode(server, { ackMs: timing.ackMs });
  const deliver: Deliver = (delivery, retry) =>
    requestUrl === null
      ? sockets.deliver(delivery, retry)
      : deliverHttp({ requestUrl, signingSecret, ackMs: timing.ackMs }, delivery, retry);
  const baseUrl = () => url;
  const { retryDelaysMs } = timing;
  const dispatch = createDispatch({ workspace, triggers, responseUrls, deliver, baseUrl, retryDelaysMs });
  const onReset = () => {
    triggers.clear();
    responseUrls.clear();
    for (const scope of defaultScopes) scopes.add(scope);
  };
  const control = createControl({ workspace, dispatch, faults, calls, sockets, scopes, onReset });
  const openSocket = () => sockets.openSocket(url);
  const api = { workspace, triggers, faults, calls, tokens, scopes, baseUrl, openSocket };

  app.use('/api', webApiRouter(api));
  app.use('/response', responseUrls.router);
  app.use('/_control', controlRouter(control));
  app.use(uploadRouter(workspace));
  const page = pageRouter(workspace);
  app.use(page.router);

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  url = `http://${host}:${portOf(server.address())}`;

  return {
    url,
    apiUrl: `${url}/api/`,
    signingSecret,
    ...tokens,
    teamId: workspace.team.id,
    control,
    workspace,
    setRequestUrl: (next) => void (requestUrl = next),
    close: async () => {
      await sockets.close();
      page.close();
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (typeof address !== 'object' || address === null) throw new Error('the local Slack has no TCP port');
  return address.port;
}

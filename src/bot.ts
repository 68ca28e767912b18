import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { Logger } from 'pino';
import { createWorld } from './alerts/world.js';
import type { EnvOf } from './config/env.js';
import { createRedactor } from './diagnosis/redact.js';
import { alertsRouter } from './http/alerts.js';
import { healthRouter } from './http/health.js';
import { createLimitedServer } from './http/server-limits.js';
import { calmly } from './logger.js';
import type { AlertIntake } from './model/alert.js';
import type { Inventory } from './model/service.js';
import { createAlertIntake } from './queue/alert-intake.js';
import { redactedDelivery } from './queue/redacted-delivery.js';
import type { Queues } from './queue/queues.js';
import { remediateDigest } from './queue/remediate-digest.js';
import { createRequestRemediation } from './queue/request-remediation.js';
import { createRequestRun } from './queue/request-run.js';
import { createSlackApp } from './slack/app.js';
import type { Store } from './store/store.js';

type Options = {
  env: Pick<EnvOf<'bot'>, 'slack' | 'http' | 'alerts' | 'lookAgainMinutes' | 'opsChannel'>;
  inventory: Inventory;
  store: Store;
  queues: Queues;
  logger: Logger;
  /** What to do when Slack cannot be reached any more; ends the process by default, for its supervisor to start it anew. */
  onLost?: (reason: string) => void;
};
export type Bot = { readonly port: number; close(): Promise<void> };

const CLOSE_MS = 3_000;
/** Connections that wait to be taken: Node's 511 are full when all of a storm's senders come at once, and honest ones wait for seconds. */
const BACKLOG = 4_096;

/** Composes Slack, the request for a run, alerts, and health. */
export async function startBot(options: Options): Promise<Bot> {
  const { env, inventory, store, queues, logger } = options;
  const http = express().disable('x-powered-by');
  const onError = (error: unknown): void => logger.warn({ err: error }, 'left to the sweeper');
  const requestRun = createRequestRun({ store, queues, onError });
  const digest = remediateDigest(env.slack.botToken);
  const requests = createRequestRemediation({ store, queues, inventory, digest, onError });
  const slack = createSlackApp({
    slack: env.slack,
    http,
    inventory,
    store,
    requestRun,
    changes: { store, requests },
    alerts: {
      silences: store.silences,
      post: (messages) => void Promise.all(messages.map((each) => queues.enqueuePost(each))).catch(onError),
    },
    log: logger,
    seenRequests: store.seenRequests,
    onLost: options.onLost ?? ((reason) => endProcess(logger, reason)),
  });
  http.use(
    healthRouter(
      {
        database: () => store.ping(),
        queue: () => queues.ping(),
        slack: () => (slack.isConnected() ? Promise.resolve() : Promise.reject(new Error('not connected'))),
      },
      calmly((error) => logger.warn(error.message)),
    ),
  );
  if (env.alerts !== undefined) {
    const accept = createAlertIntake({ store, queues, inventory, settings: env, onError });
    const redact = createRedactor(inventory.secrets);
    const intake: AlertIntake = (delivery) => accept(redactedDelivery(delivery, redact.text));
    http.use(alertsRouter({ settings: env.alerts, inventory, intake, world: createWorld(), log: logger }));
  }

  const server = createLimitedServer(http);
  const port = await listen(server, env.http);
  try {
    await slack.start();
  } catch (error) {
    await close(server);
    throw error;
  }
  logger.info({ port, slack: env.slack.mode }, 'the bot listens');
  return {
    port,
    close: async () => {
      await slack.stop();
      await close(server);
    },
  };
}

function endProcess(logger: Logger, reason: string): void {
  logger.fatal({ reason }, 'the bot ends, to be started anew');
  process.exit(1);
}

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, BACKLOG, () => {
      const address: AddressInfo | string | null = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/** Requests in hand may end; what is still open after CLOSE_MS is cut. */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), CLOSE_MS);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}

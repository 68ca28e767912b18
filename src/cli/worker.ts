import { holdStandby, standbyHosts } from '../../jobs/standby.js';
import { type RunningWorker, startWorker } from '../../jobs/worker.js';
import type { EnvOf } from '../config/env.js';
import { workerNetwork } from '../clients/worker-network.js';
import { createDiagnose } from '../diagnosis/diagnose.js';
import type { Logger } from '../logger.js';
import type { Inventory } from '../model/service.js';
import { remediateDigest } from '../queue/remediate-digest.js';
import { createPoster } from '../slack/poster.js';
import { createWebClient } from '../slack/web-client.js';
import { type Backbone, openBackbone } from './compose.js';
import { openConnector } from './open-connector.js';
import { serviceLogger } from './service-logger.js';
import { exitOnStrayErrors, untilStopped } from './shutdown.js';

/** A worker alone: diagnoses and posts. As many as wanted, on as many machines as wanted. */
export async function worker(env: EnvOf<'worker'>, inventory: Inventory): Promise<number> {
  const logger = serviceLogger(env, inventory);
  exitOnStrayErrors(logger);
  const backbone = await openBackbone(env, logger);
  const running = openWorker(env, inventory, backbone, logger);
  return untilStopped({
    logger,
    stop: async (graceMs) => {
      await running.close(graceMs);
      await backbone.close();
    },
  });
}

export function openWorker(
  env: EnvOf<'worker'>,
  inventory: Inventory,
  { settings, store, queues }: Backbone,
  logger: Logger,
): RunningWorker {
  const client = createWebClient(env.slackApi, logger);
  const poster = createPoster({ client, store, inventory, log: logger });
  const hosts = standbyHosts(inventory);
  const connector = openConnector(inventory, env, hosts);
  const standby = holdStandby({ connector, hosts, logger });
  const diagnose = createDiagnose({ connector, secrets: inventory.secrets });
  const { concurrency, lookAgainMinutes, opsChannel } = env;
  const alerts = { lookAgainMinutes, opsChannel };
  const digest = remediateDigest(env.slackApi.botToken);
  const remediate = { connector, network: workerNetwork, digest };
  const running = startWorker({
    ...{ settings, store, queues, inventory, diagnose, poster, logger, concurrency, remediate, alerts },
  });
  return {
    close: async (graceMs) => {
      standby.stop();
      await running.close(graceMs);
      await connector.closeAll();
    },
  };
}

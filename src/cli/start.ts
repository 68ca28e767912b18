import { startBot } from '../bot.js';
import type { EnvOf } from '../config/env.js';
import type { Inventory } from '../model/service.js';
import { openBackbone } from './compose.js';
import { serviceLogger } from './service-logger.js';
import { exitOnStrayErrors, untilStopped } from './shutdown.js';
import { openWorker } from './worker.js';

/** Bot and worker in one process. Answers the exit status after the last signal. */
export async function start(env: EnvOf<'start'>, inventory: Inventory): Promise<number> {
  const logger = serviceLogger(env, inventory);
  exitOnStrayErrors(logger);
  const backbone = await openBackbone(env, logger);
  const worker = openWorker(env, inventory, backbone, logger);
  const bot = await startBot({ env, inventory, store: backbone.store, queues: backbone.queues, logger });
  return untilStopped({
    logger,
    stop: async (graceMs) => {
      await bot.close();
      await worker.close(graceMs);
      await backbone.close();
    },
  });
}

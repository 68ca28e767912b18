import { startBot } from '../bot.js';
import type { EnvOf } from '../config/env.js';
import type { Inventory } from '../model/service.js';
import { openBackbone } from './compose.js';
import { serviceLogger } from './service-logger.js';
import { exitOnStrayErrors, untilStopped } from './shutdown.js';

/** The Slack bot alone: it takes requests and leaves the work to workers with the same database and Redis. */
export async function bot(env: EnvOf<'bot'>, inventory: Inventory): Promise<number> {
  const logger = serviceLogger(env, inventory);
  exitOnStrayErrors(logger);
  const backbone = await openBackbone(env, logger);
  const slack = await startBot({ env, inventory, store: backbone.store, queues: backbone.queues, logger });
  return untilStopped({
    logger,
    stop: async () => {
      await slack.close();
      await backbone.close();
    },
  });
}

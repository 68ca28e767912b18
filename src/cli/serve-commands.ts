import { Command } from 'commander';
import type { EnvCommand, EnvOf, RawEnv } from '../config/env.js';
import { readConfig } from '../config/read-config.js';
import type { Inventory } from '../model/service.js';

type Serve<Name extends EnvCommand> = (env: EnvOf<Name>, inventory: Inventory) => Promise<number>;

/** The commands that stay: each is loaded late, so that a typing mistake is answered at once. */
export const serveCommands = (raw: RawEnv): Command[] => [
  serveCommand('start', 'the Slack bot and a worker in one process', raw, async (env, inventory) =>
    (await import('./start.js')).start(env, inventory),
  ),
  serveCommand(
    'bot',
    'the Slack bot alone: takes requests and diagnoses nothing',
    raw,
    async (env, inventory) => (await import('./bot.js')).bot(env, inventory),
  ),
  serveCommand('worker', 'a worker alone: diagnoses and posts', raw, async (env, inventory) =>
    (await import('./worker.js')).worker(env, inventory),
  ),
];

const serveCommand = <Name extends EnvCommand>(
  name: Name,
  words: string,
  raw: RawEnv,
  serve: Serve<Name>,
): Command =>
  new Command(name)
    .description(words)
    .option('-i, --inventory <file>', 'the inventory (default: DIAG503_INVENTORY or services.yaml)')
    .action(async (options: { inventory?: string }) => {
      const { env, inventory } = readConfig(raw, name, options.inventory);
      process.exitCode = await serve(env, inventory);
    });

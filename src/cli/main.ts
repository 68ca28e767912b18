import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Command, CommanderError } from 'commander';
import { ConfigError } from '../config/config-error.js';
import { loadEnvFile } from '../config/env.js';
import { alertsCommand } from './alerts.js';
import { auditCommand } from './audit.js';
import { DataError, EXIT, StartError, UsageError } from './exit-codes.js';
import { grantCommand } from './grant.js';
import { inventoryCommand } from './inventory.js';
import { replayCommand } from './replay.js';
import { runCommand } from './run.js';
import { serveCommands } from './serve-commands.js';
import { silencesCommand } from './silences.js';
import { ignoreClosedPipe } from './ignore-closed-pipe.js';

async function main(args: readonly string[]): Promise<number> {
  ignoreClosedPipe();
  try {
    loadEnvFile();
    await program().parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return report(error);
  }
}

function program(): Command {
  const raw = process.env;
  const root = new Command('diag503')
    .description('Finds out why a service answers HTTP 503.')
    .version(version(), '-V, --version')
    .addCommand(runCommand(raw))
    .addCommand(replayCommand())
    .addCommand(inventoryCommand(raw))
    .addCommand(grantCommand(raw))
    .addCommand(auditCommand(raw))
    .addCommand(silencesCommand(raw))
    .addCommand(alertsCommand(raw))
    .addHelpText('after', '\nSettings come from the environment and from .env: see docs/configuration.md.');
  for (const command of serveCommands(raw)) root.addCommand(command);
  return strict(root);
}

/** Commander's own errors then come here too, from every depth. */
function strict(command: Command): Command {
  command.exitOverride().showHelpAfterError(`(${commandPath(command)} --help shows what is possible)`);
  for (const child of command.commands) strict(child);
  return command;
}

const commandPath = (command: Command): string =>
  command.parent === null ? command.name() : `${commandPath(command.parent)} ${command.name()}`;

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT.usage; // it has printed its message
  if (error instanceof UsageError) return say(`diag503: ${error.message}`, EXIT.usage);
  if (error instanceof DataError) return say(`diag503: ${error.message}`, EXIT.data);
  if (error instanceof ConfigError) return say(error.message, EXIT.config);
  if (error instanceof StartError) return say(`diag503: ${error.message}`, EXIT.unavailable);
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return say(`diag503: this should not have happened: ${text}`, EXIT.software);
}

function say(message: string, exitCode: number): number {
  process.stderr.write(`${message}\n`);
  return exitCode;
}

/** package.json is one folder further up once the program is built. */
function version(): string {
  const places = ['../..', '../../..'].map((up) => path.join(import.meta.dirname, up, 'package.json'));
  const manifest: unknown = JSON.parse(readFileSync(places.find((file) => existsSync(file)) ?? '', 'utf8'));
  const known = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return known ? String(manifest.version) : 'unknown';
}

process.exitCode = await main(process.argv.slice(2));

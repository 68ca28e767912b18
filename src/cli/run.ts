import { randomUUID } from 'node:crypto';
import { Command } from 'commander';
import type { RawEnv } from '../config/env.js';
import { readConfig } from '../config/read-config.js';
import { EXIT } from './exit-codes.js';
import { findService } from './find-service.js';
import { printDocument } from './print-document.js';
import { showProgress } from './run-progress.js';
import { saveRun } from './save-run.js';

export type RunOptions = { inventory?: string; json?: true; save?: string };

export const runCommand = (raw: RawEnv): Command =>
  new Command('run')
    .description('diagnose a service now, here: no Slack, Redis or database needed')
    .argument('<service>', 'name of the service in the inventory')
    .option('-i, --inventory <file>', 'the inventory (default: DIAG503_INVENTORY or services.yaml)')
    .option('--json', 'print one JSON document on standard output (docs/json.md)')
    .option('--save <file>', 'also keep what was read, redacted, for `diag503 replay`')
    .addHelpText(
      'after',
      '\nExit status: 0 healthy, 2 cause found, 3 inconclusive or unreachable, 64 wrong usage, 73 not saved, 78 bad configuration.',
    )
    .action(async (name: string, options: RunOptions) => {
      process.exitCode = await run(raw, name, options);
    });

async function run(raw: RawEnv, name: string, options: RunOptions): Promise<number> {
  const { env, inventory } = readConfig(raw, 'run', options.inventory);
  const service = findService(inventory, name);
  const stop = stopOnSignal();
  // Loaded late, so that a typing mistake is answered at once.
  const { openConnector } = await import('./open-connector.js');
  const { createDiagnose } = await import('../diagnosis/diagnose.js');
  const { keepRun } = await import('../diagnosis/keep-run.js');
  const connector = openConnector(inventory, env);
  const progress = await showProgress(service.name, process.stderr);
  try {
    const diagnose = createDiagnose({ connector, secrets: inventory.secrets });
    const { document, readings } = await diagnose(service, {
      runId: randomUUID(),
      signal: stop.signal,
      onProgress: (now) => progress.show(now),
    });
    if (stop.exitCode() !== null) return stop.exitCode() ?? EXIT.interrupted;
    progress.stop();
    const exitCode = printDocument(document, options);
    if (options.save === undefined) return exitCode;
    const { secrets } = inventory;
    const problem = saveRun(keepRun({ service, document, readings, secrets }), options.save);
    if (problem === null) return exitCode;
    process.stderr.write(`diag503: ${problem}\n`);
    return EXIT.cannotWrite;
  } catch (error) {
    const code = stop.exitCode();
    if (code === null) throw error;
    return code;
  } finally {
    progress.stop();
    stop.release();
    await connector.closeAll();
  }
}

/** The first signal ends the run and closes connections; the second ends the process. */
function stopOnSignal() {
  const controller = new AbortController();
  let exitCode: number | null = null;
  const on = (signal: 'SIGINT' | 'SIGTERM', code: number) => {
    const listener = () => {
      if (exitCode !== null) process.exit(code);
      exitCode = code;
      controller.abort(new Error(`stopped by ${signal}`));
    };
    process.on(signal, listener);
    return () => process.off(signal, listener);
  };
  const releases = [on('SIGINT', EXIT.interrupted), on('SIGTERM', EXIT.terminated)];
  return {
    signal: controller.signal,
    exitCode: () => exitCode,
    release: () => releases.forEach((release) => release()),
  };
}

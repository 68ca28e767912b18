import { Command } from 'commander';
import { printDocument } from './print-document.js';
import { readStoredRun } from './read-stored-run.js';

export const replayCommand = (): Command =>
  new Command('replay')
    .description('judge a stored run again, by the rules of this version: no network, no inventory')
    .argument('<file>', 'what `run SERVICE --save FILE` wrote, or a folder of test/scenarios')
    .option('--json', 'print one JSON document on standard output (docs/json.md)')
    .addHelpText(
      'after',
      '\nExit status: as of run; 64 the file cannot be read, 65 it is no stored run of this version.',
    )
    .action(async (file: string, options: { json?: true }) => {
      const stored = readStoredRun(file);
      // Loaded late, so that a typing mistake is answered at once.
      const { replay } = await import('../diagnosis/replay.js');
      process.exitCode = printDocument(replay(stored), options);
    });

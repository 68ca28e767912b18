import { Command } from 'commander';
import type { RawEnv } from '../config/env.js';
import type { UnmatchedAlert } from '../model/episode.js';
import { countOf } from '../model/words.js';
import { EXIT } from './exit-codes.js';
import { inertText } from './inert-text.js';
import { withStore } from './with-store.js';

/** `diag503 alerts unmatched`: whose alerts belong to no service of the inventory, and what they carry. */
export const alertsUnmatchedCommand = (raw: RawEnv): Command =>
  new Command('unmatched')
    .description('list the alerts that matched no service, the newest first')
    .option('--json', 'print one JSON document')
    .action(async ({ json }: { json?: boolean }) => {
      process.exitCode = await withStore(raw, 'the alerts', async ({ alerts }) => {
        const all = await alerts.unmatched();
        process.stdout.write(json === true ? `${JSON.stringify(all)}\n` : listOf(all));
        return EXIT.healthy;
      });
    });

function listOf(alerts: readonly UnmatchedAlert[]): string {
  const lines = alerts.map(({ source, title, labels, count, lastSeenAt }) => {
    const carried = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
    return inertText(
      `${source}: ${title} (${countOf(count, 'time')}, last ${lastSeenAt}) ${carried.join(' ')}`,
    ).replaceAll('\n', ' ');
  });
  return `${[countOf(alerts.length, 'unmatched alert'), ...lines].join('\n')}\n`;
}

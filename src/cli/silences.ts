import { Command } from 'commander';
import type { RawEnv } from '../config/env.js';
import type { Silence } from '../model/episode.js';
import { countOf } from '../model/words.js';
import { EXIT } from './exit-codes.js';
import { inertText } from './inert-text.js';
import { withStore } from './with-store.js';

/** `diag503 silences`: what nobody is told of for now. */
export const silencesCommand = (raw: RawEnv): Command =>
  new Command('silences')
    .description('list the silences that hold now')
    .option('--json', 'print one JSON document')
    .action(async ({ json }: { json?: boolean }) => {
      process.exitCode = await withStore(raw, 'the silences', async ({ silences }) => {
        const all = await silences.all();
        process.stdout.write(json === true ? `${JSON.stringify(all)}\n` : listOf(all));
        return EXIT.healthy;
      });
    });

function listOf(silences: readonly Silence[]): string {
  const lines = silences.map(({ service, by, since, until, severity }) => {
    const end = until === null ? 'until its alerts resolve' : `until ${until}`;
    const raised = severity === null ? '' : `; ends early above ${severity}`;
    return `${inertText(service)}: silenced by ${inertText(by)} since ${since}, ${end}${raised}`;
  });
  return `${[countOf(silences.length, 'silence'), ...lines].join('\n')}\n`;
}

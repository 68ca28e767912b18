import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { type ExplainedAlert, type Explanation, explainPayload } from '../alerts/explain-payload.js';
import { alertSources } from '../alerts/index.js';
import type { AlertSettings } from '../config/alert-settings.js';
import { readEnv, type RawEnv } from '../config/env.js';
import { loadInventory } from '../config/inventory.js';
import { ALERTS_PATH } from '../http/alerts-path.js';
import { AlertSource, type ServiceAlert } from '../model/alert.js';
import type { Inventory } from '../model/service.js';
import { countOf } from '../model/words.js';
import { createExplainAlert, type ExplainAlert } from '../queue/alert-intake.js';
import { alertsUnmatchedCommand } from './alerts-unmatched.js';
import { DataError, EXIT, UsageError } from './exit-codes.js';
import { fileError } from './file-error.js';
import { inertText } from './inert-text.js';
import { withStore } from './with-store.js';

type ExplainOptions = { source?: AlertSource; inventory?: string; incident?: true };

export const alertsCommand = (raw: RawEnv): Command =>
  new Command('alerts')
    .description('look at alert sources and at what an alert would do')
    .addCommand(
      new Command('explain')
        .description('print what a payload would be: of which source, whose, and by which labels')
        .argument('<file>', 'the payload as it is sent; - for standard input')
        .addOption(
          new Option('-s, --source <source>', 'who sends it (default: the one that it fits)').choices(
            AlertSource.options,
          ),
        )
        .option('-i, --inventory <file>', 'the inventory (default: DIAG503_INVENTORY or services.yaml)')
        .option('--incident', 'ask the database which incident it would join, and whether a run would begin')
        .addHelpText(
          'after',
          '\nExit status: 0 valid, 64 the file cannot be read, 65 it is of no source, 78.',
        )
        .action(async (file: string, options: ExplainOptions) => {
          const inventory = loadInventory(options.inventory ?? readEnv(raw, 'inventory').inventoryPath, raw);
          const { source } = options;
          const explained = explainPayload(readPayload(file), { source, inventory, now: Date.now() });
          if (!explained.valid) throw new DataError(`${file}: ${explained.problems.join(`\n${file}: `)}`);
          const print = async (explain?: ExplainAlert): Promise<number> => {
            process.stdout.write(await renderExplanation(file, explained, explain));
            return EXIT.healthy;
          };
          process.exitCode =
            options.incident === true ? await withIncidents(raw, inventory, print) : await print();
        }),
    )
    .addCommand(
      new Command('sources').description('print which sources are on, and where they deliver').action(() => {
        process.stdout.write(renderSources(readEnv(raw, 'alerts').alerts ?? {}));
        process.exitCode = EXIT.healthy;
      }),
    )
    .addCommand(alertsUnmatchedCommand(raw));

/** The very decision that the intake would make now, without making it. */
function withIncidents(
  raw: RawEnv,
  inventory: Inventory,
  print: (explain: ExplainAlert) => Promise<number>,
): Promise<number> {
  const settings = readEnv(raw, 'alerts');
  return withStore(raw, 'incidents', (store) => print(createExplainAlert({ store, inventory, settings })));
}

function readPayload(file: string): Buffer {
  try {
    return readFileSync(file === '-' ? 0 : file);
  } catch (error) {
    throw new UsageError(`${file}: ${fileError(error)}`, { cause: error });
  }
}

export async function renderExplanation(
  file: string,
  { source, alerts, note }: Extract<Explanation, { valid: true }>,
  explain?: ExplainAlert,
): Promise<string> {
  const what = note ?? countOf(alerts.length, 'alert');
  const head = `${file}: valid, from ${alertSources[source].title} (${source}): ${what}; its sender is not checked here`;
  const parts = await Promise.all(alerts.map((each) => renderAlert(each, explain)));
  return `${inertText([head, ...parts].join('\n\n'))}\n`;
}

async function renderAlert({ alert, match }: ExplainedAlert, explain?: ExplainAlert): Promise<string> {
  const { status, severity, title, fingerprint, startsAt, endsAt, labels, link } = alert;
  const rows: [string, string][] = [
    ['fingerprint', fingerprint],
    ['began', startsAt],
    ...(endsAt === null ? [] : [['ended', endsAt] as [string, string]]),
    [
      'labels',
      Object.entries(labels)
        .map(([name, value]) => `${name}=${value}`)
        .join(', ') || 'none',
    ],
    ['link', link ?? 'none'],
    [
      'service',
      match === null ? 'none: no labels of the inventory fit, and no service has its name' : match.service,
    ],
    ...(match === null ? [] : [['because', becauseOf(match)] as [string, string]]),
    ...(match === null ? [] : await incidentRows({ ...alert, service: match.service }, explain)),
  ];
  return [
    `${status}, ${severity}: ${title}`,
    ...rows.map(([key, value]) => `  ${key.padEnd(14)}${value}`),
  ].join('\n');
}

const becauseOf = ({ by, also }: NonNullable<ExplainedAlert['match']>): string =>
  also.length === 0 ? by : `${by}; ${also.join(', ')} would fit as well, but stands further down`;

async function incidentRows(alert: ServiceAlert, explain?: ExplainAlert): Promise<[string, string][]> {
  if (explain === undefined) return [];
  const { incident, incidentId, run, because } = await explain(alert);
  return [
    ['incident', incidentId === null ? incident : `${incident} (${incidentId})`],
    ['new run', `${run ? 'yes' : 'no'}: ${because}`],
  ];
}

export function renderSources(settings: AlertSettings): string {
  const rows = AlertSource.options.map((id) => {
    const state =
      settings[id] === undefined ? 'off: no secret, or not named' : `on:  POST ${ALERTS_PATH}/${id}`;
    return `${id.padEnd(14)}${state}`;
  });
  return `${rows.join('\n')}\n`;
}

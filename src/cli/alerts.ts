import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { type ExplainedAlert, type Explanation, explainPayload } from '../alerts/explain-payload.js';
import { alertSources } from '../alerts/index.js';
import type { AlertSettings } from '../config/alert-settings.js';
import { readEnv, type RawEnv } from '../config/env.js';
import { loadInventory } from '../config/inventory.js';
import { ALERTS_PATH } from '../http/alerts.js';
import { AlertSource, type ServiceAlert } from '../model/alert.js';
import { countOf } from '../model/words.js';
import { DataError, EXIT, UsageError } from './exit-codes.js';
import { fileError } from './file-error.js';
import { inertText } from './inert-text.js';

/** What the store says an alert would do now, without doing it. */
export type ExplainIncident = (
  alert: ServiceAlert,
) => Promise<{ incidentId: string | null; newRun: boolean; because: string }>;

/** The store, open for one command. */
export type OpenExplain = () => Promise<{ explain: ExplainIncident; close(): Promise<void> }>;

type ExplainOptions = { source?: AlertSource; inventory?: string };

/** Without `openExplain` incidents are not told. */
export const alertsCommand = (raw: RawEnv, openExplain?: OpenExplain): Command =>
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
        .addHelpText(
          'after',
          '\nExit status: 0 valid, 64 the file cannot be read, 65 it is of no source, 78.',
        )
        .action(async (file: string, options: ExplainOptions) => {
          const inventory = loadInventory(options.inventory ?? readEnv(raw, 'inventory').inventoryPath, raw);
          const { source } = options;
          const explained = explainPayload(readPayload(file), { source, inventory, now: Date.now() });
          if (!explained.valid) throw new DataError(`${file}: ${explained.problems.join(`\n${file}: `)}`);
          const store = await openExplain?.();
          try {
            process.stdout.write(await renderExplanation(file, explained, store?.explain));
          } finally {
            await store?.close();
          }
          process.exitCode = EXIT.healthy;
        }),
    )
    .addCommand(
      new Command('sources').description('print which sources are on, and where they deliver').action(() => {
        process.stdout.write(renderSources(readEnv(raw, 'alerts').alerts ?? {}));
        process.exitCode = EXIT.healthy;
      }),
    );

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
  explain?: ExplainIncident,
): Promise<string> {
  const what = note ?? countOf(alerts.length, 'alert');
  const head = `${file}: valid, from ${alertSources[source].title} (${source}): ${what}; its sender is not checked here`;
  const parts = await Promise.all(alerts.map((each) => renderAlert(each, explain)));
  return `${inertText([head, ...parts].join('\n\n'))}\n`;
}

async function renderAlert({ alert, match }: ExplainedAlert, explain?: ExplainIncident): Promise<string> {
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

async function incidentRows(alert: ServiceAlert, explain?: ExplainIncident): Promise<[string, string][]> {
  if (explain === undefined) return [];
  const { incidentId, newRun, because } = await explain(alert);
  return [
    ['incident', incidentId ?? 'a new one'],
    ['new run', `${newRun ? 'yes' : 'no'}: ${because}`],
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

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Gentle } from './gentle.js';
import type { Machine } from './machine.js';
import { median, type Row } from './rounds.js';
import type { Trouble } from './trouble.js';
import { aims } from './aims.js';
import { tools, type ToolId } from '../tools/index.js';

export type Results = {
  machine: Machine;
  sizes: { hosts: number; rows: Row[]; missing: { id: ToolId; install: string }[] }[];
  gentle: Gentle | null;
  dead: Trouble[];
  drowning: Trouble[];
  /** What failed, with the reason. */
  notMeasured: string[];
};

const PAGE = path.join(import.meta.dirname, '../../docs/performance.md');
const BEGIN = '<!-- bench:begin -->';
const END = '<!-- bench:end -->';

/** Between the marks everything is generated; the reading around it is written by hand. */
export function writePage(text: string): void {
  const page = readFileSync(PAGE, 'utf8');
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined)
    throw new Error(`docs/performance.md has no ${BEGIN} … ${END}`);
  writeFileSync(PAGE, `${before}${BEGIN}\n\n${text}\n\n${END}${after}`);
}

export const renderResults = (results: Results): string =>
  [
    machineText(results.machine),
    aims(results),
    ...results.sizes.map(sizeText),
    ...(results.gentle ? [gentleText(results.gentle)] : []),
    ...troubleText('One of ten hosts is dead: it swallows every packet', results.dead),
    ...troubleText('A drowning host: eight CPU burners a core', results.drowning),
    ...results.notMeasured.map((what) => `**Not measured**, ${what}`),
  ].join('\n\n');

const machineText = (machine: Machine): string =>
  [
    `Measured on ${machine.date} by \`npm run bench\` on ${machine.system}, ${machine.cores} cores, ${machine.versions}. `,
    `Load average ${machine.loadBefore} before, ${machine.loadAfter} after: callers, targets and whatever else ran share the cores. `,
    'Medians; all tools of a table were measured in turn, so compare within a table.',
  ].join('');

export const sizeText = ({ hosts, rows, missing }: Results['sizes'][number]): string => {
  const reference = rows.find(({ id }) => id === 'readsCold');
  const base = reference && reference.wallMs.length > 0 ? median(reference.wallMs) : NaN;
  return [
    `### ${hosts === 1 ? '1 host' : `${hosts} hosts`}`,
    '',
    '| tool | wall time, ms | x diag503 | CPU of the caller, ms | CPU of each target, ms | memory of the caller, MB | looks |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows.map((row) => rowText(row, base)),
    ...missing.map(({ id, install }) => `| ${tools[id].name} | not installed: \`${install}\` | | | | | |`),
  ].join('\n');
};

const rowText = (
  { id, wallMs, callerCpuMs, targetCpuMs, peakBytes, failures }: Row,
  base: number,
): string => {
  const failed = failures.length > 0 ? ` (${failures.length} more without an answer)` : '';
  const name = tools[id].name;
  if (wallMs.length === 0) return `| ${name} | no look succeeded | | | | | 0${failed} |`;
  const figures = [
    String(Math.round(median(wallMs))),
    Number.isNaN(base) ? '' : (median(wallMs) / base).toFixed(1),
    median(callerCpuMs).toFixed(median(callerCpuMs) < 10 ? 1 : 0),
    String(Math.round(median(targetCpuMs))),
    peakBytes === 0 ? 'not watched' : (peakBytes / 1e6).toFixed(0),
    `${wallMs.length}${failed}`,
  ];
  return `| ${name} | ${figures.join(' | ')} |`;
};

const gentleText = ({ looks, logins, shells, processes, filesWritten }: Gentle): string =>
  [
    '### What a whole diagnosis leaves on a host',
    '',
    `By the host's own account, ${looks} diagnoses with a new connection each: ${logins} login and ${shells} shell for each one; `,
    `files written by anybody meanwhile: ${filesWritten.length === 0 ? 'none' : filesWritten.map((file) => `\`${file}\``).join(', ')}. `,
    `Processes that the host started for one diagnosis: ${processes.cold.toFixed(0)} with a new connection (sshd's own included), ${processes.warm.toFixed(0)} on an open one.`,
  ].join('\n');

const troubleText = (title: string, rows: readonly Trouble[]): string[] =>
  rows.length === 0
    ? []
    : [
        [
          `### ${title}`,
          '',
          '| way | wall time, ms | hosts that answered | verdict | looks |',
          '| --- | --- | --- | --- | --- |',
          ...rows.map(
            ({ name, wallMs, answers, verdict, runs }) =>
              `| ${name} | ${Math.round(wallMs)} | ${answers} | ${verdict.replaceAll('|', '/')} | ${runs} |`,
          ),
        ].join('\n'),
      ];

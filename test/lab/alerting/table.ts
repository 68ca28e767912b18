import type { Outcome } from './episode.js';

const seconds = (value: number | null | undefined): string => (value == null ? '-' : value.toFixed(1));

const COLUMNS: readonly (readonly [string, (outcome: Outcome) => string])[] = [
  ['fault', ({ id }) => id],
  ['first 503', ({ firing }) => seconds(firing?.firstFailure)],
  ['rule fires', ({ firing }) => seconds(firing?.ruleFires)],
  ['accepted', ({ firing }) => seconds(firing?.accepted)],
  ['first line', ({ firing }) => seconds(firing?.firstLine)],
  ['verdict', ({ firing }) => seconds(firing?.verdict)],
  ['| users well', ({ ending }) => `| ${seconds(ending?.usersWell)}`],
  ['resolved', ({ ending }) => seconds(ending?.resolved)],
  ['closing look', ({ ending }) => seconds(ending?.looked)],
  ['| posts', ({ posts }) => `| ${posts}`],
  ['counted', ({ alerts }) => String(alerts)],
];

/** Seconds after the fault, then seconds after the cure. */
export function tableOf(outcomes: readonly Outcome[]): string {
  const rows = [
    COLUMNS.map(([title]) => title),
    ...outcomes.map((outcome) => COLUMNS.map(([, cell]) => cell(outcome))),
  ];
  const widths = COLUMNS.map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  const padded = (cell: string, index: number): string => {
    const width = widths[index] ?? 0;
    return index === 0 || cell.startsWith('|') ? cell.padEnd(width) : cell.padStart(width);
  };
  return rows.map((row) => row.map(padded).join('  ')).join('\n');
}

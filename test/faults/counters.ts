import { type Change, toldAfterMs } from './change.js';

/** The promise of the product. */
const TOLD_WITHIN_MS = 60_000;

export type Row = {
  fault: string;
  changes: readonly (Change & { effects: number })[];
  broken: readonly string[];
};

const COLUMNS = [
  'met',
  '0 effects',
  '1 effect',
  '2+',
  'done',
  'not done',
  'unknown',
  'untrue',
  'late',
  'worst s',
];

export const isLate = (change: Change): boolean =>
  change.told !== null && toldAfterMs(change) > TOLD_WITHIN_MS;

/** One line for each fault, with the sum below. */
export function countersTable(rows: readonly Row[]): string {
  const all: Row = {
    fault: 'all',
    changes: rows.flatMap(({ changes }) => changes),
    broken: rows.flatMap(({ broken }) => broken),
  };
  const lines = [...rows, all].map((row) => [row.fault, ...cellsOf(row)]);
  const table = [['fault', ...COLUMNS], ...lines];
  const width = (column: number): number => Math.max(...table.map((line) => line[column]?.length ?? 0));
  return table
    .map((line) =>
      line.map((cell, at) => (at === 0 ? cell.padEnd(width(at)) : cell.padStart(width(at)))).join('  '),
    )
    .join('\n');
}

function cellsOf({ changes, broken }: Row): string[] {
  const count = (matches: (change: Row['changes'][number]) => boolean): string =>
    String(changes.filter(matches).length);
  const after = changes.filter(({ told }) => told !== null).map(toldAfterMs);
  return [
    String(changes.length),
    count(({ effects }) => effects === 0),
    count(({ effects }) => effects === 1),
    count(({ effects }) => effects > 1),
    count(({ told }) => told === 'done'),
    count(({ told }) => told === 'not done'),
    count(({ told }) => told === 'unknown'),
    String(broken.length),
    count(isLate),
    after.length === 0 ? '-' : (Math.max(...after) / 1_000).toFixed(1),
  ];
}

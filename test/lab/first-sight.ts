import { table } from './markdown-table.js';

const COUNTS = [
  ...(['written', 'judged', 'right', 'not found', 'wrong', 'of these confirmed'] as const),
  'right cause, wrong chain',
] as const;

/** Scenarios at their first run, before any rule had met them; as they were judged on that day, which no later run can give again. */
const BATCHES: readonly (readonly [about: string, counts: readonly number[], remark?: string])[] = [
  ['From the literature', [71, 59, 48, 7, 4, 3, 0]],
  [
    'The same way, by somebody else',
    [36, 35, 27, 2, 6, 2, 0],
    'One of the two confirmed ones on hosts that were short of CPU, which was said.',
  ],
  ['Partial, without rights, among decoys', [30, 30, 22, 5, 3, 0, 0]],
  ['Configuration mistakes before the app, double faults', [24, 23, 14, 3, 6, 1, 0]],
  ['Of every kind', [33, 33, 26, 4, 3, 0, 0], 'One of the right ones was wrong when it was injected again.'],
  [
    'New ones, and variations of known ones',
    [24, 24, 20, 3, 1, 0, 0],
    'One of the right ones was called healthy when it was injected again.',
  ],
  ['Half of them among decoys', [24, 22, 17, 3, 2, 1, 0]],
  [
    'Of every kind',
    [24, 24, 22, 1, 1, 0, 0],
    'One of the right ones with another root than the expert named.',
  ],
  ['Releases, checks, refusals on purpose, new forms of overload', [20, 20, 16, 3, 1, 1, 0]],
  [
    'Shops in Node, Ruby, PHP, uWSGI, asyncpg; logs in JSON, in a file, in German; pages that tell nothing',
    [36, 36, 26, 5, 5, 1, 0],
    'The expectation of one was corrected. Two of the wrong ones on hosts that were short of CPU.',
  ],
  ['Ordinary incidents', [36, 36, 24, 7, 5, 2, 0], 'The expectation of three was corrected.'],
  [
    'Of every kind',
    [20, 20, 15, 3, 2, 1, 0],
    'The expectation of one was corrected. One of the right ones, a control, was wrong when it was injected again.',
  ],
  [
    'Ordinary incidents, some beside decoys',
    [24, 24, 16, 2, 4, 3, 2],
    'The expectation of two was corrected.',
  ],
  [
    'Partial, or coming and going, beside decoys',
    [16, 16, 10, 4, 1, 0, 1],
    'The expectation of one was corrected.',
  ],
  [
    'Ordinary incidents in another place or manner',
    [21, 20, 13, 5, 2, 1, 0],
    'The expectation of four was corrected.',
  ],
  [
    'Some shortly after an innocent release',
    [12, 11, 8, 1, 1, 0, 1],
    'The expectation of two was corrected.',
  ],
];

const sumOf = (count: (typeof COUNTS)[number]): number =>
  BATCHES.reduce((sum, [, counts]) => sum + (counts[COUNTS.indexOf(count)] ?? 0), 0);

export const firstSightPart = (): string[] => {
  const [judged, right] = [sumOf('judged'), sumOf('right')];
  return [
    `What to expect of a fault that nobody had in mind. These ${String(sumOf('written'))} scenarios were written by others, who had not read the rules. At their first run ${String(judged)} could be judged: **${((100 * right) / judged).toFixed(1)} % right (${String(right)})**, for ${String(sumOf('not found'))} no cause was found (inconclusive, or called healthy), ${String(sumOf('wrong'))} were wrong, of these ${String(sumOf('of these confirmed'))} called confirmed. After each row the rules were mended by mechanism, for nearly all that was wrong, so that the next row met better ones; a corrected expectation had forbidden, or not named, what an expert would accept.`,
    '',
    ...table(
      ['in order of time', ...COUNTS, ''],
      BATCHES.map(([about, counts, remark = '']) => [about, ...counts.map(String), remark]),
    ),
  ];
};

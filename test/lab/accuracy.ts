import { campaignsPart } from './campaigns.js';
import { firstSightPart } from './first-sight.js';
import { table } from './markdown-table.js';
import type { Scenario } from './scenario.js';

/** One scenario with what was said of it: what `--json` writes and docs/accuracy.md is made from. */
export type Judged = {
  readonly id: string;
  readonly kind: 'control' | 'single' | 'double';
  readonly fault: string;
  readonly because: string;
  readonly expected: Scenario['expect'];
  readonly verdict: {
    readonly status: string;
    readonly cause: string | null;
    readonly confidence: string | null;
    readonly hop: string | null;
    readonly chain: readonly string[];
    readonly summary: string;
  } | null;
  readonly durationMs: number | null;
  readonly differences: readonly string[];
  readonly trouble: string | null;
  readonly wrongBecause: string | null;
  readonly took: { readonly fault: number; readonly look: number; readonly cure: number };
};

export const isRight = ({ differences, trouble }: Judged): boolean =>
  trouble === null && differences.length === 0;

/** The class that a row or column of the confusion matrix stands for: a cause, or the status where there is none. */
const NOT_MADE = 'not made';
const givenClass = ({ verdict }: Judged): string => verdict?.cause ?? verdict?.status ?? NOT_MADE;

/** Where each of several causes would be right, the one that was said is. */
const expectedClass = (item: Judged): string => {
  const { cause, status } = item.expected;
  const isOpen = cause === undefined && status === 'cause-found' && item.verdict?.status === status;
  return isOpen ? givenClass(item) : (cause ?? status);
};

const causeRight = (item: Judged): boolean => expectedClass(item) === givenClass(item);
const hopRight = ({ expected, verdict }: Judged): boolean =>
  expected.hop === undefined || [expected.hop].flat().some((hop) => hop === (verdict?.hop ?? null));
const rootRight = ({ expected, verdict }: Judged): boolean =>
  expected.root === undefined || [expected.root].flat().includes(verdict?.chain[0] ?? '');

type Share = { readonly right: number; readonly of: number };
const shareOf = (items: readonly Judged[], test: (item: Judged) => boolean): Share => ({
  right: items.filter(test).length,
  of: items.length,
});
const percent = ({ right, of }: Share): string =>
  of === 0 ? 'none run' : `${((100 * right) / of).toFixed(1)} % (${String(right)} of ${String(of)})`;

const wrongConfirmed = (items: readonly Judged[]): Judged[] =>
  items.filter((item) => item.verdict?.confidence === 'confirmed' && !causeRight(item));

/** The figures that the engine is measured by. */
export function tallyOf(all: readonly Judged[]): { lines: string[]; causeShare: number } {
  const of = (kind: Judged['kind']): Judged[] => all.filter((item) => item.kind === kind);
  const singles = of('single');
  const withHop = singles.filter(({ expected }) => expected.hop !== undefined);
  const cause = shareOf(all, causeRight);
  return {
    causeShare: cause.of === 0 ? 0 : cause.right / cause.of,
    lines: [
      `single faults, right cause: ${percent(shareOf(singles, causeRight))}; right root check: ${percent(shareOf(singles, rootRight))}`,
      `single faults, right hop: ${percent(shareOf(withHop, hopRight))}`,
      `double faults, right root: ${percent(shareOf(of('double'), (item) => causeRight(item) && rootRight(item)))}`,
      `controls, right: ${percent(shareOf(of('control'), causeRight))}`,
      `wrong and called confirmed: ${String(wrongConfirmed(all).length)}`,
      `right in every respect that the expert wrote down: ${percent(shareOf(all, isRight))}`,
    ],
  };
}

const FROM_SAVED_RUNS =
  'The faults were made before; what was read of each was kept, and judged again by the rules of this version. Rules and expectations were mended after wrong verdicts on these same faults, so the figures tell of faults that the rules have met; for those that they have not, they are an upper bound.';

/** docs/accuracy.md. Without a time the runs were saved before, and judged again. */
export function accuracyPage(all: readonly Judged[], tookSeconds: number | null): string {
  const made = all.filter(({ verdict }) => verdict !== null).length;
  const times = all.flatMap(({ durationMs }) => durationMs ?? []).toSorted((a, b) => a - b);
  return [
    '# Accuracy',
    '',
    `Written by \`npm run test:lab -- --all\`: ${String(made)} of ${String(all.length)} faults, really injected into real hosts (HAProxy, three hosts with nginx and gunicorn, PostgreSQL, PgBouncer, Redis, an HTTP service, DNS), each diagnosed by \`diag503 run --json\` over SSH as an unprivileged user, and healed before the next. The scenarios are in [test/lab/scenarios](../test/lab/scenarios), with what an expert would conclude and why. A fault that could not be made counts as wrong.`,
    '',
    `${tookSeconds === null ? FROM_SAVED_RUNS : `The whole suite took ${(tookSeconds / 60).toFixed(1)} min.`} One diagnosis took ${seconds(at(times, 0.5))} at the median, ${seconds(at(times, 0.95))} at the 95th percentile.`,
    '',
    ...tallyOf(all).lines.map((line) => `- ${line}`),
    '',
    '## Campaigns',
    '',
    ...campaignsPart(),
    '',
    '## At first sight',
    '',
    ...firstSightPart(),
    '',
    '## Wrong ones',
    '',
    ...wrongOnes(all),
    '',
    '## Confusion matrix',
    '',
    'Rows: what is true. Columns: what was said.',
    '',
    ...confusion(all),
    '',
    '## Per class',
    '',
    ...perClass(all),
    '',
    '## Calibration',
    '',
    'How often a cause was right, by how sure the verdict said it was.',
    '',
    ...calibration(all),
    '',
    '## Every scenario',
    '',
    ...table(
      ['scenario', 'fault', 'said', 'by the hop', 'right'],
      all.map((item) => [
        `\`${item.id}\``,
        item.fault,
        `${givenClass(item)}${item.verdict?.confidence ? `, ${item.verdict.confidence}` : ''}: ${item.verdict?.chain[0] ?? '-'}`,
        item.verdict?.hop ?? '-',
        isRight(item) ? 'yes' : '**no**',
      ]),
    ),
    '',
  ].join('\n');
}

const at = (sorted: readonly number[], quantile: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * quantile))] ?? 0;
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

function wrongOnes(all: readonly Judged[]): string[] {
  const wrong = all.filter((item) => !isRight(item));
  if (wrong.length === 0) return ['None in this run.'];
  return wrong.flatMap((item) => [
    `- \`${item.id}\`: ${item.fault} Said: ${item.verdict?.summary ?? 'nothing'}`,
    ...(item.trouble === null ? item.differences : [`the fault could not be made: ${item.trouble}`]).map(
      (difference) => `  - ${difference}`,
    ),
    `  - Why: ${item.wrongBecause ?? 'not explained yet.'}`,
  ]);
}

const classesOf = (all: readonly Judged[]): string[] =>
  [...new Set([...all.map(expectedClass), ...all.map(givenClass)])].toSorted();

function confusion(all: readonly Judged[]): string[] {
  const classes = classesOf(all);
  const rows = classes.map((row) => [
    row,
    ...classes.map((column) => {
      const count = all.filter((item) => expectedClass(item) === row && givenClass(item) === column).length;
      return count === 0 ? '' : String(count);
    }),
  ]);
  return table(['', ...classes], rows);
}

function perClass(all: readonly Judged[]): string[] {
  const said = classesOf(all).filter((name) => name !== NOT_MADE);
  const rows = said.map((name) => {
    const expected = all.filter((item) => expectedClass(item) === name);
    const given = all.filter((item) => givenClass(item) === name);
    return { name, recall: shareOf(expected, causeRight), precision: shareOf(given, causeRight) };
  });
  const recalls = rows.filter(({ recall }) => recall.of > 0).map(({ recall }) => recall.right / recall.of);
  const macro = recalls.reduce((sum, each) => sum + each, 0) / Math.max(1, recalls.length);
  return [
    ...table(
      ['class', 'found (recall)', 'true when said (precision)'],
      rows.map(({ name, recall, precision }) => [name, percent(recall), percent(precision)]),
    ),
    '',
    `Macro-average over the classes: ${(100 * macro).toFixed(1)} %.`,
  ];
}

const calibration = (all: readonly Judged[]): string[] =>
  table(
    ['confidence', 'right'],
    ['confirmed', 'likely', 'possible'].map((confidence) => [
      confidence,
      percent(
        shareOf(
          all.filter((item) => item.verdict?.confidence === confidence),
          causeRight,
        ),
      ),
    ]),
  );

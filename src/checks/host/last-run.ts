import type { JournalLine } from '../../probes/shell/journal-lines.js';
import type { UnitJournal } from '../../probes/unit-journal.js';
import type { UnitState } from '../../probes/unit-state.js';
import type { Observed, Quote } from '../define-check.js';
import { nameStartupError, type StartupError } from '../startup-errors.js';

const MAX_QUOTED = 4;

export const byManager = ({ process }: JournalLine): boolean => process === 'systemd';

const ENDED =
  /Main process exited|Control process exited|Failed with result|Failed to run 'start' task|Deactivated successfully/;
const AFTER_THE_END =
  /Failed with result|Scheduled restart job|^Stopped |Start request repeated|^Failed to start |Consumed /;

/** What the unit's newest run that ended (or is still on) wrote, oldest line first. */
export function lastRun({ lines }: UnitJournal): JournalLine[] {
  let end = lines.length;
  while (end > 0 && isAfterTheEnd(lines[end - 1])) end -= 1;
  const before = lines.slice(0, Math.max(end - 1, 0));
  const begin = before.findLastIndex(
    (line) => byManager(line) && (ENDED.test(line.message) || isAfterTheEnd(line)),
  );
  // A run that has only just begun says nothing about why the one before it ended.
  const run = lines.slice(begin + 1, end);
  const begunOnly = run.length > 0 && run.every((line) => byManager(line) && !ENDED.test(line.message));
  return begunOnly && begin > 0 ? lastRun({ unit: '', lines: lines.slice(0, begin + 1) }) : run;
}

const isAfterTheEnd = (line: JournalLine | undefined): boolean =>
  line !== undefined && byManager(line) && AFTER_THE_END.test(line.message);

const runs = ({ activeState, subState }: UnitState): boolean =>
  activeState === 'active' || (activeState === 'activating' && !subState.startsWith('auto-restart'));

/** Without what the run that is still on has written: it has not failed yet. */
const upToLastEnd = ({ unit, lines }: UnitJournal): UnitJournal => ({
  unit,
  lines: lines.slice(0, lines.findLastIndex((line) => byManager(line) && ENDED.test(line.message)) + 1),
});

export type LastRun = { readonly error: StartupError | null; readonly quotes: readonly Quote[] };

/** The error that ended the last run, with the lines to quote: the unit's state, then its own words. */
export function explainLastRun(
  state: Observed<UnitState>,
  journal: Observed<UnitJournal> | undefined,
  properties: readonly string[],
): LastRun {
  const quotes: Quote[] = [{ from: state, excerpt: propertyLines(state.fact, properties) }];
  if (journal === undefined || journal.fact.lines.length === 0) return { error: null, quotes };
  const run = lastRun(runs(state.fact) ? upToLastEnd(journal.fact) : journal.fact);
  const all = journal.fact.lines
    .slice(-20)
    .filter((line) => byManager(line) && /failed|skipped|asserts/i.test(line.message));
  const error = errorOf(state.fact, journal.fact, run.length > 0 ? run : all, run);
  const tail = (run.length > 0 ? run : all).slice(-MAX_QUOTED).map(({ line }) => line);
  const excerpt = error === null || tail.includes(error.line) ? tail : [error.line, ...tail.slice(1)];
  if (excerpt.length > 0) quotes.push({ from: journal, excerpt: excerpt.join('\n') });
  return { error, quotes };
}

function errorOf(
  unit: UnitState,
  { lines }: UnitJournal,
  said: readonly JournalLine[],
  run: readonly JournalLine[],
): StartupError | null {
  const named = nameStartupError(said.map(({ line }) => line));
  // Who was killed did not end for what it last complained of, unless that was memory.
  if (unit.result === 'signal') return named?.kind === 'out-of-memory' ? named : null;
  // Its first words were cut off: in a loop the next run says the same again.
  const isCut = run.length > 0 && run[0] === lines[0];
  return named ?? (isCut ? nameStartupError(lines.map(({ line }) => line)) : null);
}

/** KEY=value as systemctl printed them, in the order asked for. */
export const propertyLines = ({ lines }: UnitState, properties: readonly string[]): string =>
  properties.flatMap((property) => lines.filter((line) => line.startsWith(`${property}=`))).join('\n');

import type { JournalLine } from '../../probes/shell/journal-lines.js';
import type { UnitJournal } from '../../probes/unit-journal.js';
import type { UnitState } from '../../probes/unit-state.js';
import type { Observed, Quote } from '../define-check.js';
import { secondsSince } from './clock.js';
import { byManager } from './last-run.js';

/** What was said longer ago belongs to another episode. */
export const WINDOW_SECONDS = 15 * 60;

/** What was said within these is still so, whatever the numbers of this moment. */
const FRESH_SECONDS = 60;

export type Said = { readonly at: string; readonly message: string; readonly quote: Quote };

export const isFresh = (item: Said | undefined, nowMs: number): boolean =>
  item !== undefined && secondsSince(item.at, nowMs) <= FRESH_SECONDS;

/** Somebody started the unit since: another run said it. What starts by itself again and again may say it each time. */
export const isOfRunBefore = (item: Said | undefined, unit: Observed<UnitState> | undefined): boolean => {
  if (item === undefined || unit === undefined) return false;
  const { activeState, restarts, execMainStartAt } = unit.fact;
  return (
    activeState === 'active' &&
    restarts === 0 &&
    execMainStartAt !== null &&
    Date.parse(item.at) < Date.parse(execMainStartAt)
  );
};

/** The newest line of the unit's journal in the window that matches. */
export const saidRecently = (
  journal: Observed<UnitJournal> | undefined,
  pattern: RegExp,
  nowMs: number,
): Said | undefined => journal && said(journal, journal.fact.lines, pattern, nowMs);

/** The same of what the kernel said. */
export const kernelSaidRecently = (
  journal: Observed<readonly JournalLine[]> | undefined,
  pattern: RegExp,
  nowMs: number,
): Said | undefined =>
  journal &&
  said(
    journal,
    journal.fact.filter((line) => !byManager(line)),
    pattern,
    nowMs,
  );

function said(
  from: Observed<unknown>,
  lines: readonly JournalLine[],
  pattern: RegExp,
  nowMs: number,
): Said | undefined {
  const line = lines.findLast(
    ({ message, at }) => pattern.test(message) && secondsSince(at, nowMs) <= WINDOW_SECONDS,
  );
  return line && { at: line.at, message: line.message, quote: { from, excerpt: line.line } };
}

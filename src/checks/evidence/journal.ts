import type { UnitJournal } from '../../probes/unit-journal.js';
import type { Observed, Quote } from '../define-check.js';
import { secondsBetween } from './time.js';

/** What happened longer ago is history, not this incident. */
export const RECENT_SECONDS = 600;
/** What the app said longer ago may be over, where nothing else can be asked whether it is. Ours. */
export const FRESH_SECONDS = 60;
const QUOTED_LINES = 4;

export type JournalHit = { from: Observed<UnitJournal>; at: string; line: string; message: string };

/** Lines of the service's journals within the last ten minutes that say one of these. */
export const recentLines = (
  journals: readonly Observed<UnitJournal>[],
  pattern: RegExp,
  now: string,
): JournalHit[] =>
  journals.flatMap((from) =>
    from.fact.lines
      .filter(({ at, message }) => pattern.test(message) && secondsBetween(at, now) <= RECENT_SECONDS)
      .map(({ at, line, message }) => ({ from, at, line, message })),
  );

/** The newest of them, host by host. */
export const quoteLines = (hits: readonly JournalHit[]): Quote[] => {
  const sources = [...new Set(hits.map(({ from }) => from))];
  return sources.map((from) => ({
    from,
    excerpt: hits
      .filter((hit) => hit.from === from)
      .slice(-QUOTED_LINES)
      .map(({ line }) => line)
      .join('\n'),
  }));
};

import type { HostJournal } from '../../probes/host-journal.js';
import type { JournalLine } from '../../probes/shell/journal-lines.js';
import { byManager } from '../host/last-run.js';
import { secondsBetween } from './time.js';

/** A unit that is not up, by the last word of the service manager on it. */
export type UnitDown = {
  readonly unit: string;
  /** When it ended; of one that fails again and again, for the first time of those. */
  readonly at: string;
  /** Somebody, or another unit, told it to stop. */
  readonly byOrder: boolean;
  readonly line: string;
};

type Event = {
  readonly kind: 'failed' | 'restart' | 'up' | 'stopped' | 'not-started';
  readonly unit: string;
};

const NAME = String.raw`(?<unit>[\w@.:\\-]+\.(?:service|socket))`;
/** systemd 239 and later name the unit in these. */
const EVENTS: readonly (readonly [Event['kind'], RegExp])[] = [
  ['failed', new RegExp(`^${NAME}: Failed with result `)],
  ['restart', new RegExp(`^${NAME}: Scheduled restart job`)],
  // A oneshot that stays active is "Finished".
  ['up', new RegExp(`^(?:Started|Finished) ${NAME}`)],
  ['stopped', new RegExp(`^Stopped ${NAME}`)],
  ['not-started', new RegExp(`^Failed to start ${NAME}`)],
];

/** Before systemd 250 these bear the description alone: whether a unit is up again is not told. */
const WITHOUT_NAME = /^(?:Started|Finished|Stopped) (?!(?:target )?\S+\.[a-z]+(?: - |\.?$))/;

/** Fewer deaths within this time are an accident that systemd has mended. Ours. */
const AGAIN_AND_AGAIN = 3;
const AGAIN_SECONDS = 60;
const GOES_ON_SECONDS = 15;

/**
 * The units that went down within what the journal holds, and are not up again. Not the jobs that failed: what does not
 * start, and nobody starts anew, served nobody before.
 */
export function unitsDown(journal: HostJournal, now: string): UnitDown[] {
  if (journal.some((line) => byManager(line) && WITHOUT_NAME.test(line.message))) return [];
  const told = new Map<string, { event: Event; line: JournalLine }[]>();
  for (const line of journal) {
    const event = byManager(line) ? eventIn(line.message) : null;
    if (event !== null) told.set(event.unit, [...(told.get(event.unit) ?? []), { event, line }]);
  }
  return [...told].flatMap(([unit, story]) => downOf(unit, story, now) ?? []);
}

function eventIn(message: string): Event | null {
  for (const [kind, pattern] of EVENTS) {
    const unit = pattern.exec(message)?.groups?.['unit'];
    if (unit !== undefined) return { kind, unit };
  }
  return null;
}

type Story = readonly { readonly event: Event; readonly line: JournalLine }[];

function downOf(unit: string, story: Story, now: string): UnitDown | null {
  const failures = story.filter(({ event }) => event.kind === 'failed');
  const lately = failures.filter(({ line }) => secondsBetween(line.at, now) <= AGAIN_SECONDS);
  const [firstOfThese, lastOfThese] = [lately[0], lately.at(-1)];
  const goesOn = lastOfThese !== undefined && secondsBetween(lastOfThese.line.at, now) <= GOES_ON_SECONDS;
  if (firstOfThese !== undefined && goesOn && lately.length >= AGAIN_AND_AGAIN)
    return { unit, at: firstOfThese.line.at, byOrder: false, line: firstOfThese.line.line };

  // An automatic restart stops what is left before it starts: nobody's order.
  const last = story.findLast(
    ({ event }, place) =>
      event.kind !== 'not-started' &&
      !(event.kind === 'stopped' && story[place - 1]?.event.kind === 'restart'),
  );
  if (last === undefined || last.event.kind === 'up' || last.event.kind === 'restart') return null;
  const isJob =
    story.at(-1)?.event.kind === 'not-started' &&
    !story.some(({ event }) => event.kind !== 'failed' && event.kind !== 'not-started');
  if (isJob) return null;
  return { unit, at: last.line.at, byOrder: last.event.kind === 'stopped', line: last.line.line };
}

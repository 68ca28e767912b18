import type { JournalLine } from '../../probes/shell/journal-lines.js';
import type { UnitJournal } from '../../probes/unit-journal.js';
import type { UnitState } from '../../probes/unit-state.js';
import { secondsSince } from './clock.js';
import { byManager } from './last-run.js';

/** The result stays `exit-code`; only the journal says that systemd gave up (systemd 252). */
export function isStartLimited(
  { activeState, result }: UnitState,
  journal: UnitJournal | undefined,
): boolean {
  if (activeState !== 'failed') return false;
  if (result === 'start-limit-hit') return true;
  const manager = journal?.lines.filter(byManager) ?? [];
  const limited = manager.findLastIndex(({ message }) =>
    message.includes('Start request repeated too quickly'),
  );
  return limited !== -1 && !manager.slice(limited).some(({ message }) => /^Start(ing|ed) /.test(message));
}

/** Automatic restarts that the journal tells of since `afterMs`. */
const restartsSince = ({ lines }: UnitJournal, afterMs: number): number =>
  lines.filter(
    (line) =>
      byManager(line) && line.message.includes('Scheduled restart job') && Date.parse(line.at) >= afterMs,
  ).length;

/** Crashes within minutes that make a loop of a unit that has not run for one. */
export const LOOPING_TIMES = 2;
const LOOPING_WINDOW_SECONDS = 300;
const STEADY_SECONDS = 60;

/**
 * Runs at this very moment, but dies again and again: a program that needs a second to fail is seen as often running
 * as waiting for its next start. `times`: crashes of late; `journal` is false where only systemd's counter tells them.
 */
export function loopOf(
  unit: UnitState,
  journal: UnitJournal | undefined,
  nowMs: number,
): { readonly times: number; readonly journal: boolean } | null {
  if (unit.restarts === 0 || !isYoung(unit, nowMs)) return null;
  if (journal === undefined) return { times: unit.restarts, journal: false };
  if (!wasRestarted(journal)) return null;
  const afterMs = nowMs - LOOPING_WINDOW_SECONDS * 1000;
  const oldest = journal.lines[0]?.at;
  // Tracebacks of one crash may fill all that was read of the journal: then the counter knows more.
  const isCut = oldest !== undefined && Date.parse(oldest) >= afterMs;
  const counted = isCut ? unit.restarts : 0;
  const times = Math.max(counted, restartsSince(journal, afterMs), failuresSince(journal, afterMs));
  return times === 0 ? null : { times, journal: true };
}

/** Its main process has crashed; systemd still ends the others. A stop that was asked for has no bad result, or is late. */
export const isDying = ({ activeState, result }: UnitState): boolean =>
  activeState === 'deactivating' && result !== 'success' && result !== 'timeout';

/** The journal's last word on a unit that goes down: nobody told it to stop, so its main process ended while it was started. */
export const endedByItself = (journal: UnitJournal | undefined): boolean =>
  lastOrder(journal)?.message.startsWith('Started ') === true;

/** Whether it was last told to start or to stop. */
export const lastOrder = (journal: UnitJournal | undefined): JournalLine | undefined =>
  journal?.lines.findLast((line) => byManager(line) && /^(Stopping|Started) /.test(line.message));

/** Each `systemctl stop` or `restart` that the journal tells of since `afterMs`. An end of its own is no order. */
export const ordersToStop = ({ lines }: UnitJournal, afterMs: number): JournalLine[] =>
  lines.filter(
    (line) => byManager(line) && line.message.startsWith('Stopping ') && Date.parse(line.at) >= afterMs,
  );

/** Dies not for the first time: systemd had to start it again within the last minutes. */
export const diesAgain = (unit: UnitState, journal: UnitJournal | undefined, nowMs: number): boolean =>
  isDying(unit) &&
  unit.restarts > 0 &&
  journal !== undefined &&
  restartsSince(journal, nowMs - LOOPING_WINDOW_SECONDS * 1000) > 0;

/** The newest start was systemd's own. Somebody's leaves the counter as it was (252), but the journal tells them apart. */
function wasRestarted({ lines }: UnitJournal): boolean {
  const manager = lines.filter(byManager).map(({ message }) => message);
  const start = manager.findLastIndex((message) => message.startsWith('Started '));
  const reason = manager
    .slice(0, Math.max(start, 0))
    .findLast((message) => !/^(Stopped|Starting) |Consumed /.test(message));
  return reason === undefined || reason.includes('Scheduled restart job');
}

function isYoung({ execMainStartAt, inactiveExitAt, activeState }: UnitState, nowMs: number): boolean {
  const startedAt = execMainStartAt ?? inactiveExitAt;
  const runs = activeState === 'active' || activeState === 'activating';
  return runs && startedAt !== null && secondsSince(startedAt, nowMs) < STEADY_SECONDS;
}

/** systemd says this of an end that was not asked for. */
export const failuresSince = ({ lines }: UnitJournal, afterMs: number): number =>
  lines.filter(
    (line) =>
      byManager(line) && line.message.includes('Failed with result') && Date.parse(line.at) >= afterMs,
  ).length;

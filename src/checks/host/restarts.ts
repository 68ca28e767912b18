import type { UnitJournal } from '../../probes/unit-journal.js';
import type { UnitState } from '../../probes/unit-state.js';
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
export const restartsSince = (journal: UnitJournal | undefined, afterMs: number): number =>
  (journal?.lines ?? []).filter(
    (line) =>
      byManager(line) && line.message.includes('Scheduled restart job') && Date.parse(line.at) >= afterMs,
  ).length;

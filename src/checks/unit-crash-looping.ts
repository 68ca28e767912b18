import type { UnitJournal } from '../probes/unit-journal.js';
import type { UnitState } from '../probes/unit-state.js';
import { defineHostCheck } from './define-check.js';
import { hostNow, secondsSince } from './host/clock.js';
import { describeEnd } from './host/exit-words.js';
import { explainLastRun } from './host/last-run.js';
import { isStartLimited, restartsSince } from './host/restarts.js';

/** A unit that runs is looping if it was restarted this often in the last ten minutes, and has not run for one. */
const LOOPING_RESTARTS = 3;
const WINDOW_SECONDS = 600;
const STEADY_SECONDS = 60;

export const unitCrashLooping = defineHostCheck({
  id: 'unit-crash-looping',
  cause: 'not-started',
  title: 'Unit crashes again and again',
  needs: ['unitState'],
  uses: ['unitJournal', 'hostClock'],

  evaluate({ unitState, unitJournal, hostClock }, { now }) {
    const { id, restarts, subState } = unitState.fact;
    const nowMs = hostNow(hostClock, now);
    const limited = isStartLimited(unitState.fact, unitJournal?.fact);
    const waits = subState.startsWith('auto-restart');
    if (!limited && !waits && !isLooping(unitState.fact, unitJournal?.fact, nowMs)) {
      return { status: 'passed', summary: `${restarts} restarts of ${id}` };
    }
    const { error, quotes } = explainLastRun(unitState, unitJournal, PROPERTIES);
    const end = limited || waits ? `, last with ${describeEnd(unitState.fact)}` : '';
    const named = error === null ? '' : ` (${error.phrase})`;
    return {
      status: 'failed',
      confidence: limited || waits ? 'confirmed' : 'likely',
      summary: `${id} was restarted ${restarts} times${end}${named}: ${whatNow(limited, waits)}`,
      evidence: quotes,
      ...(limited && sinceOf(unitState.fact)),
    };
  },
});

const sinceOf = ({ inactiveEnterAt }: UnitState): { since?: string } =>
  inactiveEnterAt === null ? {} : { since: inactiveEnterAt };

const PROPERTIES = ['ActiveState', 'SubState', 'Result', 'ExecMainStatus', 'NRestarts'];

const whatNow = (limited: boolean, waits: boolean): string => {
  if (limited) return 'systemd gave up on it';
  return waits ? 'it waits for its next start' : 'it has only just started again';
};

/** Runs at this moment, but not for long, and not for the first time. */
function isLooping(unit: UnitState, journal: UnitJournal | undefined, nowMs: number): boolean {
  const recent = journal ? restartsSince(journal, nowMs - WINDOW_SECONDS * 1000) : unit.restarts;
  return recent >= LOOPING_RESTARTS && isYoung(unit, nowMs);
}

function isYoung({ execMainStartAt, inactiveExitAt, activeState }: UnitState, nowMs: number): boolean {
  const startedAt = execMainStartAt ?? inactiveExitAt;
  const runs = activeState === 'active' || activeState === 'activating';
  return runs && startedAt !== null && secondsSince(startedAt, nowMs) < STEADY_SECONDS;
}

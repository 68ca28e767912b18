import type { UnitJournal } from '../probes/unit-journal.js';
import type { UnitState } from '../probes/unit-state.js';
import { countOf } from '../model/words.js';
import { defineHostCheck } from './define-check.js';
import { isServed } from './evidence/answers.js';
import { hostNow } from './host/clock.js';
import { describeEnd } from './host/exit-words.js';
import { explainLastRun } from './host/last-run.js';
import { diesAgain, isStartLimited, LOOPING_TIMES, loopOf } from './host/restarts.js';

export const unitCrashLooping = defineHostCheck({
  id: 'unit-crash-looping',
  cause: 'not-started',
  title: 'Unit crashes again and again',
  refutedBy: 'a unit that has run for a minute',
  needs: ['unitState'],
  uses: ['unitJournal', 'hostClock', 'healthAnswer'],

  evaluate({ unitState, unitJournal, hostClock, healthAnswer }, { now }) {
    const { id, restarts } = unitState.fact;
    const state = stateOf(unitState.fact, unitJournal?.fact, hostNow(hostClock, now));
    const passed = { status: 'passed', summary: `${countOf(restarts, 'restart')} of ${id}` } as const;
    if (state === null) return passed;

    const { error, quotes } = explainLastRun(unitState, unitJournal, PROPERTIES);
    // One crash is no loop, unless it names what kept it from starting and there is still no answer.
    const serves = healthAnswer === undefined || isServed(healthAnswer.fact);
    if (state.crashes === 1 && (error === null || serves)) return passed;
    const named = error === null ? '' : ` (${error.phrase})`;
    return {
      status: 'failed',
      confidence: state.sure ? 'confirmed' : 'likely',
      summary: `${id} ${pastOf(restarts, state.end)}${named}: ${state.now}`,
      evidence: quotes,
      ...(state.since === null ? {} : { since: state.since }),
    };
  },
});

type Looping = {
  readonly now: string;
  /** Of its last run; null where another one has begun since. */
  readonly end: string | null;
  /** Of this loop; null where systemd itself says enough. */
  readonly crashes: number | null;
  readonly sure: boolean;
  readonly since: string | null;
};

function stateOf(unit: UnitState, journal: UnitJournal | undefined, nowMs: number): Looping | null {
  const ended = { end: describeEnd(unit), crashes: null, sure: true };
  if (isStartLimited(unit, journal))
    return { ...ended, now: 'systemd gave up on it', since: unit.inactiveEnterAt };
  if (unit.subState.startsWith('auto-restart'))
    return { ...ended, now: 'it waits for its next start', since: null };
  if (diesAgain(unit, journal, nowMs))
    return { ...ended, now: 'what is left of its last run is being ended', since: null };
  const loop = loopOf(unit, journal, nowMs);
  if (loop === null) return null;
  const sure = loop.journal && loop.times >= LOOPING_TIMES;
  return { now: 'it has only just started again', end: null, crashes: loop.times, sure, since: null };
}

const PROPERTIES = ['ActiveState', 'SubState', 'Result', 'ExecMainStatus', 'NRestarts'];

function pastOf(restarts: number, end: string | null): string {
  if (end === null) return `was restarted ${times(restarts)}`;
  return restarts === 0 ? `ended (${end})` : `was restarted ${times(restarts)}, last after ${end}`;
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);

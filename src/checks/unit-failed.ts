import type { UnitJournal } from '../probes/unit-journal.js';
import type { UnitState } from '../probes/unit-state.js';
import { defineHostCheck } from './define-check.js';
import { explainLastRun } from './host/last-run.js';
import { describeEnd } from './host/exit-words.js';
import { hostNow } from './host/clock.js';
import { diesAgain, isDying, isStartLimited } from './host/restarts.js';

export const unitFailed = defineHostCheck({
  id: 'unit-failed',
  cause: 'not-started',
  title: 'Unit has failed',
  refutedBy: 'a unit that is active',
  needs: ['unitState'],
  uses: ['unitJournal', 'hostClock'],

  evaluate({ unitState, unitJournal, hostClock }, { now }) {
    const { id, activeState, subState, result, inactiveEnterAt, stateChangeAt } = unitState.fact;
    if (activeState !== 'failed' && !isDying(unitState.fact))
      return { status: 'passed', summary: `${id} is ${activeState} (${subState})` };
    const reason = isLoop(unitState.fact, unitJournal?.fact, hostNow(hostClock, now));
    if (reason !== null) return { status: 'skipped', reason: `${id} ${reason}: see unit-crash-looping` };
    const { error, quotes } = explainLastRun(unitState, unitJournal, [
      'ActiveState',
      'SubState',
      'Result',
      'ExecMainStatus',
    ]);
    const since = activeState === 'failed' ? (inactiveEnterAt ?? stateChangeAt) : stateChangeAt;
    return {
      status: 'failed',
      confidence: 'confirmed',
      // Memory is what to look at: memory-exhausted is the root then.
      ...(result === 'oom-kill' ? { cause: 'overload' as const } : {}),
      summary: `${id} failed: ${describeEnd(unitState.fact)}${error === null ? '' : ` (${error.phrase})`}${activeState === 'failed' ? '' : '; what is left of it is being ended'}`,
      evidence: quotes,
      ...(since === null ? {} : { since }),
      remediations: ['restart-service'],
    };
  },
});

const isLoop = (unit: UnitState, journal: UnitJournal | undefined, nowMs: number): string | null => {
  if (isStartLimited(unit, journal)) return 'failed too often';
  return diesAgain(unit, journal, nowMs) ? 'dies again' : null;
};

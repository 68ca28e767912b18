import type { UnitState } from '../probes/unit-state.js';
import { defineHostCheck } from './define-check.js';
import { explainLastRun } from './host/last-run.js';
import { describeEnd } from './host/exit-words.js';
import { isStartLimited } from './host/restarts.js';

export const unitFailed = defineHostCheck({
  id: 'unit-failed',
  cause: 'not-started',
  title: 'Unit has failed',
  refutedBy: 'a unit that is active',
  needs: ['unitState'],
  uses: ['unitJournal'],

  evaluate({ unitState, unitJournal }) {
    const { id, activeState, subState, result, inactiveEnterAt, stateChangeAt } = unitState.fact;
    if (activeState !== 'failed' && !isDying(unitState.fact))
      return { status: 'passed', summary: `${id} is ${activeState} (${subState})` };
    if (isStartLimited(unitState.fact, unitJournal?.fact)) {
      return { status: 'skipped', reason: `${id} failed too often: see unit-crash-looping` };
    }
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
      summary: `${id} failed with ${describeEnd(unitState.fact)}${error === null ? '' : ` (${error.phrase})`}${activeState === 'failed' ? '' : '; what is left of it is being ended'}`,
      evidence: quotes,
      ...(since === null ? {} : { since }),
      remediations: ['restart-service'],
    };
  },
});

/** Its main process has crashed; systemd still ends the others. A stop that was asked for has no bad result, or is late. */
export const isDying = ({ activeState, result }: UnitState): boolean =>
  activeState === 'deactivating' && result !== 'success' && result !== 'timeout';

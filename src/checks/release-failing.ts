import type { UnitJournal } from '../probes/unit-journal.js';
import type { UnitState } from '../probes/unit-state.js';
import { defineHostCheck } from './define-check.js';
import { formatSeconds, hostNow } from './host/clock.js';
import { byManager, explainLastRun } from './host/last-run.js';
import { LOOPING_TIMES, loopOf } from './host/restarts.js';
import { isByRelease } from './startup-errors.js';

/** A failure that a release brings shows at the first start after it. */
const WINDOW_SECONDS = 15 * 60;

/**
 * A deployment is the root only through a mechanism: the unit fails to start with an error that only new code or new
 * settings bring, for the first time after the release changed. Recency alone proves nothing.
 */
export const releaseFailing = defineHostCheck({
  id: 'release-failing',
  cause: 'deployment',
  title: 'The new release does not start',
  refutedBy: 'the same failure before the release changed',
  needs: ['release', 'unitState', 'unitJournal'],
  uses: ['hostClock'],

  evaluate({ release, unitState, unitJournal, hostClock }, { now }) {
    const { id, changedAt } = release.fact;
    if (!isFailing(unitState.fact, unitJournal.fact, hostNow(hostClock, now)))
      return { status: 'passed', summary: `${id} runs` };
    if (changedAt === null) return { status: 'skipped', reason: 'when the release changed is not known' };

    const changedMs = Date.parse(changedAt);
    const failures = unitJournal.fact.lines.filter(
      (line) => byManager(line) && /Main process exited|Failed with result/.test(line.message),
    );
    const before = failures.filter(({ at }) => Date.parse(at) < changedMs);
    const first = failures.find(({ at }) => Date.parse(at) >= changedMs);
    const { error, quotes } = explainLastRun(unitState, unitJournal, [
      'ActiveState',
      'Result',
      'ExecMainStatus',
    ]);
    const delay = first === undefined ? Infinity : (Date.parse(first.at) - changedMs) / 1000;
    if (first === undefined || before.length > 0 || delay > WINDOW_SECONDS) {
      return { status: 'passed', summary: `the failures of ${unitState.fact.id} did not begin with ${id}` };
    }
    if (error === null || !isByRelease(error)) {
      return {
        status: 'passed',
        summary: `${error === null ? 'the error has no name' : error.phrase}: not a matter of the release`,
      };
    }
    // Somebody must have seen the release before it run; a unit that never ran proves nothing about the change.
    const ranBefore = unitJournal.fact.lines.some(
      (line) => byManager(line) && /^Started /.test(line.message) && Date.parse(line.at) < changedMs,
    );
    return {
      status: 'failed',
      confidence: ranBefore ? 'confirmed' : 'likely',
      summary: `${unitState.fact.id} does not start since the release became ${id}, ${formatSeconds(delay)} before its first failure: ${error.phrase}`,
      evidence: [{ from: release, excerpt: release.fact.lines.join('\n') }, ...quotes],
      since: changedAt,
      remediations: ['roll-back'],
    };
  },
});

const isFailing = (unit: UnitState, journal: UnitJournal, nowMs: number): boolean =>
  unit.activeState === 'failed' ||
  unit.subState.startsWith('auto-restart') ||
  (loopOf(unit, journal, nowMs)?.times ?? 0) >= LOOPING_TIMES;

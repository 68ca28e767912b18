import type { Cause } from '../model/cause.js';
import type { RuledOut } from '../model/verdict.js';
import type { Case } from './case.js';
import { passedWords } from './checklist.js';

/** Checks that exclude a cause when they pass (diagnosis 2.1 to 2.7, "excludes"). The first passed ones are quoted. */
export const DECISIVE: Record<Cause, readonly string[]> = {
  overload: ['accept-queue-full', 'cpu-saturated', 'memory-exhausted'],
  'not-started': ['port-not-listening', 'unit-inactive', 'unit-failed', 'unit-crash-looping'],
  'health-check': ['health-endpoint-failing', 'health-endpoint-misplaced'],
  deployment: ['rollout-in-progress'],
  'database-connections': ['connections-exhausted'],
  dependency: ['dependency-unreachable', 'dependency-failing'],
  deliberate: ['maintenance-mode', 'rate-limited'],
  routing: ['pool-without-members', 'wrong-upstream'],
};

/** A cause is out only if its decisive checks passed wherever they apply and none of it failed or stayed unknown. */
export const ruledOutOf = ({ evaluations, findings }: Case): RuledOut[] =>
  (Object.entries(DECISIVE) as [Cause, readonly string[]][]).flatMap(([cause, decisive]) => {
    if (findings.some((finding) => finding.cause === cause)) return [];
    const own = evaluations.filter((evaluation) => evaluation.cause === cause);
    if (
      own.some(
        ({ outcome, gaps }) =>
          outcome.status !== 'skipped' && (outcome.status !== 'passed' || gaps.length > 0),
      )
    ) {
      return [];
    }
    const passed = decisive.flatMap((check) =>
      own.filter((evaluation) => evaluation.check === check && evaluation.outcome.status === 'passed'),
    );
    return passed.length === 0 ? [] : [{ cause, because: passedWords(passed) }];
  });
